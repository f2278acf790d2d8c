// Light or dark, and lecture mode: the header's two buttons. The choice is kept in the browser; without one the
// page follows the system.

const root = document.documentElement;

/** Applies what was chosen earlier and listens to the header's buttons. */
export function followTheme(): void {
  const theme = recall("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (recall("lecture") === "on") root.dataset.lecture = "";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  onPress("theme", () => {
    const isDark = (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
    const next = isDark ? "light" : "dark";
    const systems = dark.matches ? "dark" : "light";
    if (next === systems) delete root.dataset.theme;
    else root.dataset.theme = next;
    keep("theme", next === systems ? null : next);
  });
  const button = onPress("lecture", () => {
    const on = root.toggleAttribute("data-lecture");
    button?.setAttribute("aria-pressed", String(on));
    keep("lecture", on ? "on" : null);
  });
  button?.setAttribute("aria-pressed", String(root.hasAttribute("data-lecture")));
}

function onPress(action: string, listener: () => void): Element | null {
  const button = document.querySelector(`[data-page-action="${action}"]`);
  button?.addEventListener("click", listener);
  return button;
}

// Storage may be switched off; then a choice lasts as long as the page.
function recall(name: string): string | null {
  try {
    return localStorage.getItem(`notebook.${name}`);
  } catch {
    return null;
  }
}

function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`notebook.${name}`);
    else localStorage.setItem(`notebook.${name}`, value);
  } catch {}
}
