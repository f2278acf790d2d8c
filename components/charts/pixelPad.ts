// A pad on which a small image is drawn pixel by pixel, or into which an image file is dropped, pasted or chosen.

import type {NumberArray} from "./chart.js";
import {button} from "./controls/button.js";
import {changed, element, extend} from "./dom.js";
import {gridLines} from "./gridLines.js";
import {paintImage} from "./pixels.js";

export type Rgb = readonly [number, number, number];

export interface PixelPadOptions {
  readonly size: number;
  /** Colours to paint with; the first is the ground, the last is on the brush. */
  readonly palette: readonly {readonly name: string; readonly colour: Rgb}[];
  readonly label: string;
}

/** Emits "input" when the image changes; `value` is uint8 [1, size, size, 3]. */
export interface PixelPad extends HTMLElement {
  value: {readonly shape: readonly number[]; readonly data: Uint8Array};
}

export function pixelPad({size, palette, label}: PixelPadOptions): PixelPad {
  const ground = palette[0];
  if (ground === undefined) throw new Error("pixelPad: expected at least one colour, got none");
  const canvas = element("canvas", {class: "pixels", "aria-hidden": true});
  const cursor = gridLines(size, size);
  const surface = element(
    "div",
    {class: "pad-surface", tabindex: 0, role: "application", "aria-label": `${label}. Arrow keys move, Space paints.`},
    canvas,
    cursor
  );
  const colours = element("div", {class: "palette", role: "group", "aria-label": "Colours"});
  const file = element("input", {type: "file", accept: "image/*", class: "visually-hidden", tabindex: -1});
  file.setAttribute("aria-label", "Image file");
  const open = button("Open an image …", {hint: "Or drop or paste one"});
  const clear = button("Clear");
  const told = element("p", {class: "message", role: "status"});
  const node = element(
    "div",
    {class: "pixel-pad"},
    surface,
    colours,
    element("div", {class: "pad-actions"}, open, clear, file),
    told
  );
  let pixels = new Uint8Array(size * size * 3);
  let brush: Rgb = palette[palette.length - 1]!.colour;
  let at = Math.floor((size * (size + 1)) / 2);
  let last = -1;

  function show(): void {
    paintImage(canvas, image(), 0);
  }
  function image(): NumberArray & {data: Uint8Array} {
    return {shape: [1, size, size, 3], data: pixels};
  }
  function fill(colour: Rgb): void {
    for (let i = 0; i < size * size; ++i) pixels.set(colour, i * 3);
  }
  function paint(index: number): void {
    pixels.set(brush, index * 3);
  }
  function indexOf(event: PointerEvent): number {
    const {left, top, width, height} = surface.getBoundingClientRect();
    const clamp = (v: number) => Math.max(0, Math.min(size - 1, Math.floor(v * size)));
    return clamp((event.clientY - top) / height) * size + clamp((event.clientX - left) / width);
  }
  /** Paints from the last point to this one, so that a fast stroke has no gaps. */
  function stroke(to: number): void {
    const from = last < 0 ? to : last;
    const [x0, y0, x1, y1] = [from % size, Math.floor(from / size), to % size, Math.floor(to / size)];
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; ++i) {
      paint(Math.round(y0 + ((y1 - y0) * i) / steps) * size + Math.round(x0 + ((x1 - x0) * i) / steps));
    }
    last = to;
    show();
    changed(node);
  }
  surface.addEventListener("pointerdown", (event) => {
    surface.setPointerCapture(event.pointerId);
    last = -1;
    at = indexOf(event);
    stroke(at);
  });
  surface.addEventListener("pointermove", (event) => {
    if (surface.hasPointerCapture(event.pointerId)) stroke(indexOf(event));
  });
  surface.addEventListener("keydown", (event) => {
    const move = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: size, ArrowUp: -size}[event.key];
    if (move !== undefined) {
      const next = at + move;
      const sameRow = Math.abs(move) !== 1 || Math.floor(next / size) === Math.floor(at / size);
      if (next >= 0 && next < size * size && sameRow) at = next;
      cursor.mark(at);
    } else if (event.key === " " || event.key === "Enter") {
      paint(at);
      show();
      changed(node);
    } else return;
    event.preventDefault();
  });
  surface.addEventListener("focus", () => cursor.mark(surface.matches(":focus-visible") ? at : null));
  surface.addEventListener("blur", () => cursor.mark(null));

  for (const [i, {name, colour}] of palette.entries()) {
    const swatch = element("button", {type: "button", class: "swatch", "aria-label": name, title: name});
    swatch.style.setProperty("--swatch", `rgb(${colour.join(" ")})`);
    swatch.setAttribute("aria-pressed", String(i === palette.length - 1));
    swatch.addEventListener("click", () => {
      brush = colour;
      for (const other of colours.children) other.setAttribute("aria-pressed", String(other === swatch));
    });
    colours.append(swatch);
  }
  clear.addEventListener("click", () => {
    fill(ground.colour);
    show();
    changed(node);
  });
  open.addEventListener("click", () => file.click());
  file.addEventListener("input", (event) => event.stopPropagation());
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen) void take(chosen);
    file.value = "";
  });
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) void take(dropped);
  });
  node.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files[0];
    if (pasted) void take(pasted);
  });
  async function take(source: Blob): Promise<void> {
    try {
      pixels = await resized(source, size);
      told.textContent = "";
      show();
      changed(node);
    } catch {
      told.textContent = "This file could not be read as an image. PNG, JPEG, GIF and WebP can.";
    }
  }
  fill(ground.colour);
  show();
  return extend(node, {
    get value() {
      return {shape: [1, size, size, 3], data: pixels.slice()};
    },
    set value(next: {readonly shape: readonly number[]; readonly data: Uint8Array}) {
      if (next.data.length !== pixels.length) {
        throw new Error(`pixelPad: expected ${pixels.length} bytes, got ${next.data.length}`);
      }
      pixels = Uint8Array.from(next.data);
      show();
    }
  });
}

/** The middle square of an image file, n × n, without an alpha channel. */
async function resized(source: Blob, n: number): Promise<Uint8Array<ArrayBuffer>> {
  const bitmap = await createImageBitmap(source);
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = n;
  canvas.height = n;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("resized: expected a 2D canvas, got none");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, n, n);
  const left = (bitmap.width - side) / 2;
  const top = (bitmap.height - side) / 2;
  context.drawImage(bitmap, left, top, side, side, 0, 0, n, n);
  bitmap.close();
  const {data} = context.getImageData(0, 0, n, n);
  return Uint8Array.from({length: n * n * 3}, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]!);
}
