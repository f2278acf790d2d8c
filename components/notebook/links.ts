// Formula ↔ code ↔ figure: pointing at a symbol, or walking to it with the keyboard, lights every other place of the
// page that shows the same one. A place is an element with data-symbol="name"; symbols.ts knows the names.
//
// With the keyboard: formulas and excerpts can be focused; ← and → walk through their symbols, Escape lets go. Elements
// with data-symbol that can be focused themselves (a slider, a term in the prose) light the others while they have it.

import {symbolEntry} from "./symbols.js";

const holders = ".formula, .source pre";

/** Starts the links on the document; figures that come later are found as they are pointed at. */
export function linkSymbols(root: Document = document): void {
  const word = root.createElement("div");
  word.className = "symbol-word";
  word.hidden = true;
  const live = root.createElement("div");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  root.body.append(word, live);

  let lit: string | undefined;
  const light = (place: Element | null, aloud = false) => {
    const name = place?.getAttribute("data-symbol") ?? undefined;
    if (name !== lit) {
      for (const other of root.querySelectorAll(".lit")) other.classList.remove("lit");
      if (name) for (const other of placesOf(root, name)) other.classList.add("lit");
      lit = name;
    }
    showWord(word, place, name);
    if (aloud) live.textContent = name ? describe(root, name) : "";
  };

  root.addEventListener("pointerover", (event) => {
    light((event.target as Element).closest?.("[data-symbol]") ?? null);
  });
  root.addEventListener("focusin", (event) => {
    light((event.target as Element).closest("[data-symbol]"), true);
  });
  root.addEventListener("focusout", () => light(null));
  root.addEventListener("scroll", () => showWord(word, null, undefined), {passive: true, capture: true});

  for (const holder of root.querySelectorAll<HTMLElement>(holders)) {
    const places = [...holder.querySelectorAll("[data-symbol]")];
    holder.tabIndex = 0; // also lets the keyboard scroll a wide one
    holder.setAttribute("role", "group");
    holder.setAttribute("aria-label", holder.matches("pre") ? "code" : "formula");
    if (places.length === 0) continue;
    holder.setAttribute("aria-description", "Arrow keys walk through its symbols");
    let at = -1;
    holder.addEventListener("blur", () => {
      at = -1;
    });
    holder.addEventListener("keydown", (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1, Escape: 0}[event.key];
      if (step === undefined) return;
      event.preventDefault();
      at = step === 0 ? -1 : (Math.max(at, step > 0 ? -1 : 0) + step + places.length) % places.length;
      const place = places[at] ?? null;
      light(place, true);
      place?.scrollIntoView({block: "nearest", inline: "nearest"});
    });
  }
}

function placesOf(root: Document, name: string): NodeListOf<Element> {
  return root.querySelectorAll(`[data-symbol="${CSS.escape(name)}"]`);
}

/** "τ: temperature of the relaxation; 3 places in formulas, code and figures" */
function describe(root: Document, name: string): string {
  const entry = symbolEntry(name);
  const count = placesOf(root, name).length;
  return `${entry ? `${entry.plain}: ${entry.words}` : name}; ${count} place${count === 1 ? "" : "s"} on this page`;
}

/** The symbol's meaning, above the place that is pointed at (or its whole formula); below it where there is no room. */
function showWord(word: HTMLElement, place: Element | null, name: string | undefined): void {
  const entry = name === undefined ? undefined : symbolEntry(name);
  word.hidden = !place || !entry || !place.closest(".katex, pre, .term, .symbol");
  if (word.hidden || !place || !entry) return;
  word.textContent = `${entry.plain}  ${entry.words}`;
  const box = place.getBoundingClientRect();
  const width = word.offsetWidth;
  const left = Math.max(8, Math.min(innerWidth - width - 8, box.left + box.width / 2 - width / 2));
  const around = (place.closest(".formula") ?? place).getBoundingClientRect();
  const above = around.top - word.offsetHeight - 4;
  word.style.left = `${left}px`;
  word.style.top = `${above > 52 ? above : around.bottom + 4}px`;
}
