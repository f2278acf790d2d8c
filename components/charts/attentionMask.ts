// Which keys each query may attend to, as a matrix; a row that is chosen stands out with what it sees.

import type {Chart} from "./chart.js";
import {colourOf} from "./colour.js";
import {changed, element, extend} from "./dom.js";

/** 0 may not be seen; the others are kinds of what may, in the order of `kinds`. */
export interface AttentionMaskData {
  readonly length: number;
  readonly kind: (query: number, key: number) => number;
}

export interface AttentionMaskOptions {
  readonly label: string;
  /** CSS custom properties that colour kinds 1, 2, …, e.g. ["--text", "--codes"]. */
  readonly colours: readonly string[];
  /** What a position is, for those who do not see the matrix, e.g. "image token 12". */
  readonly describe: (position: number) => string;
}

/** Emits "input" when a row is chosen; `value` is the query's position or null. */
export interface AttentionMask extends Chart<AttentionMaskData> {
  value: number | null;
}

export function attentionMask(data: AttentionMaskData, options: AttentionMaskOptions): AttentionMask {
  const {label, colours, describe} = options;
  const canvas = element("canvas", {class: "pixels", "aria-hidden": true});
  const handle = element("div", {
    class: "mask-rows",
    tabindex: 0,
    role: "slider",
    "aria-orientation": "vertical",
    "aria-label": `${label}: query`,
    "aria-valuemin": 1
  });
  const node = element("div", {class: "attention-mask"}, canvas, handle);
  let {length, kind} = data;
  let hovered: number | null = null;
  let chosen: number | null = null;

  function draw(): void {
    const row = hovered ?? chosen;
    const seen = row === null ? 0 : Array.from({length}, (_, k) => kind(row, k)).filter((n) => n > 0).length;
    handle.setAttribute("aria-valuemax", String(length));
    handle.setAttribute("aria-valuenow", String((row ?? 0) + 1));
    handle.setAttribute("aria-valuetext", row === null ? "none chosen" : `${describe(row)} sees ${seen} keys`);
    canvas.width = length;
    canvas.height = length;
    const context = canvas.getContext("2d");
    if (context === null) return;
    const palette = colours.map((name) => colourOf(node, name));
    const pixels = context.createImageData(length, length);
    for (let q = 0; q < length; ++q) {
      const strength = row === null || row === q ? 255 : 76;
      for (let k = 0; k < length; ++k) {
        const colour = palette[kind(q, k) - 1];
        if (colour === undefined) continue;
        const at = (q * length + k) * 4;
        pixels.data.set(colour, at);
        pixels.data[at + 3] = strength;
      }
    }
    context.putImageData(pixels, 0, 0);
  }
  function rowAt(event: PointerEvent | MouseEvent): number {
    const {top, height} = handle.getBoundingClientRect();
    return Math.max(0, Math.min(length - 1, Math.floor(((event.clientY - top) / Math.max(1, height)) * length)));
  }
  function show(nextHovered: number | null, nextChosen: number | null): void {
    if (nextHovered === hovered && nextChosen === chosen) return;
    hovered = nextHovered;
    chosen = nextChosen;
    draw();
    changed(node);
  }
  handle.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") show(rowAt(event), chosen);
  });
  handle.addEventListener("pointerleave", () => show(null, chosen));
  handle.addEventListener("click", (event) => show(hovered, rowAt(event)));
  handle.addEventListener("keydown", (event) => {
    const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 8, PageUp: -8}[event.key];
    if (step !== undefined) show(null, Math.max(0, Math.min(length - 1, (chosen ?? -step) + step)));
    else if (event.key === "Home") show(null, 0);
    else if (event.key === "End") show(null, length - 1);
    else if (event.key === "Escape") show(null, null);
    else return;
    event.preventDefault();
  });
  draw();
  return extend(node, {
    update(next: AttentionMaskData) {
      ({length, kind} = next);
      if (chosen !== null && chosen >= length) chosen = null;
      draw();
    },
    get value() {
      return hovered ?? chosen;
    },
    set value(row: number | null) {
      chosen = row;
      draw();
    }
  });
}
