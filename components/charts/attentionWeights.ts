// Where one state of a sequence looks: text tokens in a row, image tokens on their grid, each with its attention weight.
// The token that is being asked about can be chosen by pointing, clicking and arrows.

import type {Chart, NumberArray} from "./chart.js";
import {changed, element, extend, setAttributes} from "./dom.js";
import {formatPercent} from "./format.js";
import {paintTokens} from "./pixels.js";

export interface AttentionWeightsData {
  /** What each text position holds; null is a pad. */
  readonly pieces: readonly (string | null)[];
  /** Image tokens in raster order. */
  readonly tokens: ArrayLike<number>;
  readonly columns: number;
  readonly patches: NumberArray | null;
  /**
   * Weights of the state that wrote a token, over the states: the start, then each token. null where nothing is known.
   */
  weights(position: number): ArrayLike<number> | null;
  /** Whether that state may look at this state. */
  allowed(position: number, state: number): boolean;
}

/** Emits "input" when another token is asked about; `value` is its place in the sequence, text first. */
export interface AttentionWeights extends Chart<AttentionWeightsData> {
  value: number;
}

export function attentionWeights(data: AttentionWeightsData, initial: number): AttentionWeights {
  const text = element("div", {class: "attended-text", role: "group", "aria-label": "Start and text tokens"});
  const grid = element("div", {class: "attended-image", role: "group", "aria-label": "Image tokens"});
  const note = element("p", {class: "chart-note", role: "status"});
  const node = element("div", {class: "attended"}, text, grid, note);
  let shown = data;
  let chosen = initial;
  let hovered: number | null = null;
  let cells: HTMLElement[] = [];

  /** The start is state 0; the token at place i is state i + 1. */
  function build(): void {
    const {pieces, tokens, columns} = shown;
    const count = 1 + pieces.length + tokens.length;
    if (cells.length !== count) {
      cells = Array.from({length: count}, (_, state) => cell(state));
      text.replaceChildren(...cells.slice(0, 1 + pieces.length));
      grid.replaceChildren(...cells.slice(1 + pieces.length));
    }
    grid.style.setProperty("--columns", String(columns));
  }
  function cell(state: number): HTMLElement {
    const parts = [element("span", {class: "what"}), element("span", {class: "weight", "aria-hidden": true})];
    // The start is no token that was written, so nobody can ask who wrote it.
    if (state === 0) return element("span", {class: "state start"}, ...parts);
    const node = element("button", {type: "button", class: "state", tabindex: -1}, ...parts);
    node.addEventListener("click", () => choose(state - 1));
    node.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") hover(state - 1);
    });
    node.addEventListener("keydown", (event) => {
      const next = moved(state - 1, event.key);
      if (next === null) return;
      event.preventDefault();
      choose(next);
      cells[next + 1]!.focus();
    });
    return node;
  }
  function moved(place: number, key: string): number | null {
    const {pieces, columns} = shown;
    const last = cells.length - 2;
    const down = place < pieces.length ? 1 : columns;
    const steps: Record<string, number> = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: down, ArrowUp: -down};
    if (key === "Home") return 0;
    if (key === "End") return last;
    const step = steps[key];
    return step === undefined ? null : Math.max(0, Math.min(last, place + step));
  }
  node.addEventListener("pointerleave", () => hover(null));
  function hover(place: number | null): void {
    if (place === hovered) return;
    hovered = place;
    draw();
    changed(node);
  }
  function choose(place: number): void {
    chosen = place;
    hovered = null;
    draw();
    changed(node);
  }
  function draw(): void {
    const {pieces, tokens, patches} = shown;
    const asked = hovered ?? chosen;
    const weights = shown.weights(asked);
    let onText = 0;
    let most = 0;
    for (let state = 0; state <= asked; ++state) {
      const weight = weights?.[state] ?? 0;
      if (state <= pieces.length) onText += weight;
      if (weight > (weights?.[most] ?? 0)) most = state;
    }
    for (const [state, one] of cells.entries()) {
      const place = state - 1;
      const may = state <= asked && shown.allowed(asked, state);
      const weight = weights === null || !may ? 0 : (weights[state] ?? 0);
      one.style.setProperty("--weight", weight.toFixed(4));
      one.classList.toggle("asked", place === asked);
      one.classList.toggle("standing", state === asked);
      one.classList.toggle("hidden-key", !may && place !== asked);
      const what = one.firstElementChild as HTMLElement;
      const number = one.lastElementChild as HTMLElement;
      number.textContent = place === asked ? "?" : may && weights !== null ? formatPercent(weight) : "";
      const name = nameOf(state);
      if (state === 0) what.textContent = "start";
      else if (place < pieces.length) what.textContent = pieces[place]?.replaceAll(" ", "␣") ?? "·";
      else if (patches !== null) paintTokens(canvasOf(what), [tokens[place - pieces.length]!], 1, patches);
      if (state === 0) continue;
      const says = place === asked ? "asked about" : may ? formatPercent(weight) : "may not be seen";
      setAttributes(one, {
        "aria-label": `${name}: ${says}`,
        title: `${name}: ${says}`,
        "aria-pressed": String(place === chosen)
      });
      one.tabIndex = place === chosen ? 0 : -1;
    }
    note.textContent =
      weights === null
        ? ""
        : `To write ${nameOf(asked + 1)}, the state of ${nameOf(asked)} put ${formatPercent(onText)} of its attention on start and text, and most on ${nameOf(most)} (${formatPercent(weights[most] ?? 0)}).`;
  }
  function nameOf(state: number): string {
    const {pieces, tokens, columns} = shown;
    if (state === 0) return "the start";
    const place = state - 1;
    if (place < pieces.length) {
      const piece = pieces[place];
      return piece == null ? `pad ${place + 1}` : `text token ${place + 1}, “${piece.trim()}”`;
    }
    const n = place - pieces.length;
    return `image token ${n + 1} (row ${Math.floor(n / columns) + 1}, column ${(n % columns) + 1}), code ${tokens[n] ?? 0}`;
  }
  build();
  draw();
  return extend(node, {
    update(next: AttentionWeightsData) {
      shown = next;
      build();
      chosen = Math.min(chosen, cells.length - 2);
      draw();
    },
    get value() {
      return hovered ?? chosen;
    },
    set value(place: number) {
      chosen = Math.max(0, Math.min(cells.length - 2, place));
      draw();
    }
  });
}

function canvasOf(what: HTMLElement): HTMLCanvasElement {
  const found = what.querySelector("canvas");
  if (found !== null) return found;
  const canvas = element("canvas", {class: "pixels", width: 1, height: 1, "aria-hidden": true});
  what.replaceChildren(canvas);
  return canvas;
}
