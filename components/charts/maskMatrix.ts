// Which keys each query may attend to, as one pixel a pair, up to the paper's 1,280 × 1,280; one row stands out.

import type {Chart} from "./chart.js";
import {colourOf, onScheme} from "./colour.js";
import {changed, element, extend, setAttributes} from "./dom.js";

export interface MaskMatrixData {
  readonly length: number;
  /** [length × length], row-major: 0 where a query may not look, else the kind of what it sees. */
  readonly kinds: Uint8Array;
}

export interface MaskMatrixOptions {
  readonly label: string;
  /** Colours of kinds 1, 2, …: custom properties. */
  readonly colours: readonly string[];
  /** What a row is, for those who do not see it. */
  describe(position: number): string;
}

/** Emits "input" when the reader takes another row; `value` is the query. */
export interface MaskMatrix extends Chart<MaskMatrixData> {
  value: number;
}

export function maskMatrix(data: MaskMatrixData, {label, colours, describe}: MaskMatrixOptions): MaskMatrix {
  const canvas = element("canvas", {class: "pixels", "aria-hidden": true});
  const line = element("canvas", {class: "pixels line", "aria-hidden": true});
  const handle = element("div", {
    class: "mask-rows",
    tabindex: 0,
    role: "slider",
    "aria-orientation": "vertical",
    "aria-label": label,
    "aria-valuemin": 1
  });
  const node = element("div", {class: "attention-mask mask-matrix"}, canvas, line, handle);
  let shown = data;
  let value = 0;

  function palette(): Uint8ClampedArray[] {
    return colours.map((name) => Uint8ClampedArray.from([...colourOf(node, name), 255]));
  }
  function paint(target: HTMLCanvasElement, from: number, rows: number): void {
    const {length, kinds} = shown;
    target.width = length;
    target.height = rows;
    const context = target.getContext("2d");
    if (context === null) return;
    const pixels = context.createImageData(length, rows);
    const colour = palette();
    for (let i = 0; i < length * rows; ++i) {
      const kind = kinds[from * length + i]!;
      if (kind > 0) pixels.data.set(colour[kind - 1]!, i * 4);
    }
    context.putImageData(pixels, 0, 0);
  }
  function mark(): void {
    const {length, kinds} = shown;
    paint(line, value, 1);
    node.style.setProperty("--at", String((value + 0.5) / length));
    node.style.setProperty("--rows", String(length));
    let seen = 0;
    for (let k = 0; k < length; ++k) if (kinds[value * length + k] !== 0) seen += 1;
    setAttributes(handle, {
      "aria-valuemax": length,
      "aria-valuenow": value + 1,
      "aria-valuetext": `${describe(value)} sees ${seen} keys`
    });
  }
  function take(next: number): void {
    const row = Math.max(0, Math.min(shown.length - 1, next));
    if (row === value) return;
    value = row;
    mark();
    changed(node);
  }
  function rowAt(event: MouseEvent): number {
    const {top, height} = handle.getBoundingClientRect();
    return Math.floor(((event.clientY - top) / Math.max(1, height)) * shown.length);
  }
  handle.addEventListener("click", (event) => take(rowAt(event)));
  handle.addEventListener("pointermove", (event) => {
    if (event.buttons === 1) take(rowAt(event));
  });
  handle.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.round(Math.sqrt(shown.length) / 2));
    const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: page, PageUp: -page}[event.key];
    if (step !== undefined) take(value + step);
    else if (event.key === "Home") take(0);
    else if (event.key === "End") take(shown.length - 1);
    else return;
    event.preventDefault();
  });
  let painted = "";
  function draw(): void {
    const colours = palette().join();
    if (painted !== colours || shown.kinds !== paintedKinds) paint(canvas, 0, shown.length);
    painted = colours;
    paintedKinds = shown.kinds;
    mark();
  }
  let paintedKinds: Uint8Array | null = null;
  draw();
  onScheme(draw);
  return extend(node, {
    update(next: MaskMatrixData) {
      shown = next;
      value = Math.min(value, next.length - 1);
      draw();
    },
    get value() {
      return value;
    },
    set value(row: number) {
      value = Math.max(0, Math.min(shown.length - 1, row));
      mark();
    }
  });
}
