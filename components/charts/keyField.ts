// The grid of image tokens with a strength for each, seen from one of them: shades on a canvas, the chosen one outlined.

import type {Chart} from "./chart.js";
import {colourOf, onScheme} from "./colour.js";
import {changed, element, extend, setAttributes} from "./dom.js";
import {gridLines} from "./gridLines.js";

export interface KeyFieldData {
  readonly side: number;
  /** From 0 to 1 in raster order. */
  readonly strengths: ArrayLike<number>;
  /** A mark besides the shade: 1 dots, 0 none. */
  readonly dotted?: ArrayLike<number>;
}

/** Emits "input" when another token is chosen; `value` is its place in raster order, or null for none. */
export interface KeyField extends Chart<KeyFieldData> {
  value: number | null;
}

/** Canvas pixels a token, so that a dot has room. */
const scale = 5;

export function keyField(data: KeyFieldData, label: string, describe: (position: number | null) => string): KeyField {
  const canvas = element("canvas", {class: "pixels", "aria-hidden": true});
  const place = element("div", {class: "field-lines"});
  const handle = element("div", {class: "field-handle", tabindex: 0, role: "slider", "aria-label": label});
  const node = element("div", {class: "key-field"}, canvas, place, handle);
  let shown = data;
  let value: number | null = null;
  let lines = gridLines(data.side, data.side);
  let linesOf = 0;

  function draw(): void {
    const {side, strengths, dotted} = shown;
    if (linesOf !== side) {
      linesOf = side;
      lines = gridLines(side, side);
      lines.classList.add("shown");
      place.replaceChildren(lines);
    }
    lines.mark(value);
    setAttributes(handle, {
      "aria-valuemin": 1,
      "aria-valuemax": side * side,
      "aria-valuenow": (value ?? 0) + 1,
      "aria-valuetext": describe(value)
    });
    const width = side * scale;
    canvas.width = width;
    canvas.height = width;
    const context = canvas.getContext("2d");
    if (context === null) return;
    const colour = colourOf(node, "--codes");
    const pixels = context.createImageData(width, width);
    for (let y = 0; y < width; ++y) {
      for (let x = 0; x < width; ++x) {
        const at = Math.floor(y / scale) * side + Math.floor(x / scale);
        const dot = dotted?.[at] === 1 && x % scale === 2 && y % scale === 2;
        const alpha = dot ? 1 : (strengths[at] ?? 0);
        if (alpha > 0) pixels.data.set([...colour, Math.round(255 * alpha)], (y * width + x) * 4);
      }
    }
    context.putImageData(pixels, 0, 0);
  }
  function take(next: number): void {
    const {side} = shown;
    const position = Math.max(0, Math.min(side * side - 1, next));
    if (position === value) return;
    value = position;
    draw();
    changed(node);
  }
  function at(event: MouseEvent): number {
    const {side} = shown;
    const {left, top, width, height} = handle.getBoundingClientRect();
    const cell = (offset: number, size: number) =>
      Math.max(0, Math.min(side - 1, Math.floor((offset / Math.max(1, size)) * side)));
    return cell(event.clientY - top, height) * side + cell(event.clientX - left, width);
  }
  handle.addEventListener("click", (event) => take(at(event)));
  handle.addEventListener("pointermove", (event) => {
    if (event.buttons === 1) take(at(event));
  });
  handle.addEventListener("keydown", (event) => {
    const {side} = shown;
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: side, ArrowUp: -side}[event.key];
    if (step !== undefined) {
      const next = (value ?? 0) + step;
      if (next >= 0 && next < side * side) take(next);
    } else if (event.key === "Home") take(0);
    else if (event.key === "End") take(side * side - 1);
    else return;
    event.preventDefault();
  });
  draw();
  onScheme(draw);
  return extend(node, {
    update(next: KeyFieldData) {
      shown = next;
      if (value !== null) value = Math.min(value, next.side ** 2 - 1);
      draw();
    },
    get value() {
      return value;
    },
    set value(position: number | null) {
      value = position;
      draw();
    }
  });
}
