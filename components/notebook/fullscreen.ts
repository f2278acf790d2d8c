// A figure that fills the screen, for a projector or a phone. It stays where it is in the document, so that nothing in
// it starts anew: the style sheet lays it over the page (data-enlarged), and the browser's full screen is asked for too
// where there is one (phones may have none).

/** The button that enlarges the figure and brings it back; put it into the figure. Escape brings it back as well. */
export function enlargeButton(figure: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button enlarge";
  button.append(icon());
  const show = (enlarged: boolean) => {
    figure.toggleAttribute("data-enlarged", enlarged);
    button.setAttribute("aria-pressed", String(enlarged));
    button.setAttribute("aria-label", "Fill the screen with this figure");
    button.title = enlarged ? "Back to the page (Esc)" : "Fill the screen";
  };
  show(false);

  button.addEventListener("click", async () => {
    const enlarge = !figure.hasAttribute("data-enlarged");
    show(enlarge);
    try {
      if (enlarge) await document.documentElement.requestFullscreen?.();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // Refused: the figure fills the window instead.
    }
    button.scrollIntoView({block: "nearest"});
  });
  figure.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !figure.hasAttribute("data-enlarged")) return;
    show(false);
    if (document.fullscreenElement) void document.exitFullscreen();
  });
  // In full screen the browser keeps Escape to itself and only says that it is over.
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && figure.hasAttribute("data-enlarged")) show(false);
  });
  return button;
}

function icon(): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 18 18");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4");
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "1.6");
  svg.append(path);
  return svg;
}
