// Images in the order of a ranking, as tiles that fill a given height; some are marked, and one can be pointed at.

import {type Chart, drawAtWidth, imageShape, type NumberArray} from "./chart.js";
import {colourOf, onScheme} from "./colour.js";
import {changed, element, extend, setAttributes} from "./dom.js";

export interface RankedImage {
  /** uint8 [n, height, width, 3], and which of them. */
  readonly images: NumberArray;
  readonly index: number;
  /** A bar below it. */
  readonly marked: boolean;
  /** What a screen reader says of it. */
  readonly label: string;
}

export interface RankedImagesOptions {
  readonly label: string;
  readonly height: number;
  /** The largest side of a tile, in CSS pixels. */
  readonly most?: number;
}

/** Emits "input" when another image is pointed at or chosen; `value` is its place in the order, or null. */
export interface RankedImages extends Chart<readonly RankedImage[]> {
  value: number | null;
}

/** Share of an image's side that is left free, and share of it that the bar below takes. */
const gap = 1 / 8;

export function rankedImages(data: readonly RankedImage[], options: RankedImagesOptions): RankedImages {
  const {label, height, most = 56} = options;
  const canvas = element("canvas", {class: "pixels", "aria-hidden": true});
  const outline = element("div", {class: "ranked-outline", "aria-hidden": true, hidden: true});
  const handle = element("div", {class: "ranked-handle", tabindex: 0, role: "slider", "aria-label": label});
  const node = element("div", {class: "ranked-images"}, canvas, outline, handle);
  node.style.height = `${height}px`;
  let shown = data;
  let hovered: number | null = null;
  let chosen: number | null = null;
  let layout = tilesOf(1, 1, {width: 1, height, most});
  let width = 1;

  const redraw = drawAtWidth(node, 400, (now) => {
    width = now;
    draw();
  });
  function draw(): void {
    layout = tilesOf(shown.length, shown.length, {width, height, most});
    paint();
    point();
  }
  function paint(): void {
    const {columns, rows, side} = layout;
    const pixels = shown[0] === undefined ? 16 : imageShape(shown[0].images, "rankedImages").width;
    const free = Math.max(1, Math.round(pixels * gap));
    const [cellWidth, cellHeight] = [pixels + free, pixels + 2 * free];
    canvas.width = Math.max(1, columns * cellWidth);
    canvas.height = Math.max(1, rows * cellHeight);
    for (const one of [canvas, handle]) {
      one.style.width = `${columns * side}px`;
      one.style.height = `${rows * side * (cellHeight / cellWidth)}px`;
    }
    const context = canvas.getContext("2d");
    if (context === null) return;
    const picture = context.createImageData(canvas.width, canvas.height);
    const bar = [...colourOf(node, "--ink"), 255];
    for (const [place, {images, index, marked}] of shown.entries()) {
      const left = (place % columns) * cellWidth;
      const top = Math.floor(place / columns) * cellHeight;
      const from = index * pixels * pixels * 3;
      for (let i = 0; i < pixels * pixels; ++i) {
        const to = (top + Math.floor(i / pixels)) * canvas.width + left + (i % pixels);
        for (let c = 0; c < 3; ++c) picture.data[to * 4 + c] = images.data[from + i * 3 + c]!;
        picture.data[to * 4 + 3] = 255;
      }
      if (!marked) continue;
      for (let x = 0; x < pixels; ++x) {
        for (let y = 0; y < free; ++y) picture.data.set(bar, ((top + pixels + y) * canvas.width + left + x) * 4);
      }
    }
    context.putImageData(picture, 0, 0);
  }
  /** Outlines what is pointed at, and says it. */
  function point(): void {
    const {columns, side, step} = layout;
    const at = hovered ?? chosen;
    outline.hidden = at === null || at >= shown.length;
    if (at !== null) {
      const inner = side / (1 + gap);
      outline.style.width = `${inner}px`;
      outline.style.height = `${inner}px`;
      outline.style.transform = `translate(${(at % columns) * side}px, ${Math.floor(at / columns) * step}px)`;
    }
    setAttributes(handle, {
      "aria-valuemin": Math.min(1, shown.length),
      "aria-valuemax": shown.length,
      "aria-valuenow": shown.length === 0 ? 0 : (chosen ?? 0) + 1,
      "aria-valuetext": shown[chosen ?? 0]?.label ?? "nothing yet",
      title: at === null ? null : (shown[at]?.label ?? null)
    });
  }
  function placeOf(event: MouseEvent): number | null {
    const {left, top} = handle.getBoundingClientRect();
    const column = Math.floor((event.clientX - left) / layout.side);
    const row = Math.floor((event.clientY - top) / layout.step);
    const place = row * layout.columns + column;
    const inside = column >= 0 && column < layout.columns && row >= 0 && place < shown.length;
    return inside ? place : null;
  }
  function hover(place: number | null): void {
    if (place === hovered) return;
    hovered = place;
    point();
    changed(node);
  }
  function choose(place: number | null): void {
    chosen = place;
    point();
    changed(node);
  }
  handle.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") hover(placeOf(event));
  });
  handle.addEventListener("pointerleave", () => hover(null));
  handle.addEventListener("click", (event) => {
    const place = placeOf(event);
    choose(place === chosen ? null : place);
  });
  handle.addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: layout.columns, ArrowUp: -layout.columns}[event.key];
    if (shown.length === 0) return;
    if (step !== undefined) choose(Math.max(0, Math.min(shown.length - 1, (chosen ?? 0) + step)));
    else if (event.key === "Home") choose(0);
    else if (event.key === "End") choose(shown.length - 1);
    else if (event.key === "Escape" && chosen !== null) choose(null);
    else return;
    event.preventDefault();
  });
  draw();
  onScheme(draw);
  return extend(node, {
    update(next: readonly RankedImage[]) {
      shown = next;
      if (chosen !== null && chosen >= next.length) chosen = null;
      if (hovered !== null && hovered >= next.length) hovered = null;
      redraw();
    },
    get value() {
      return hovered ?? chosen;
    },
    set value(place: number | null) {
      chosen = place;
      point();
    }
  });
}

export interface Tiles {
  readonly columns: number;
  readonly rows: number;
  /** From tile to tile, in CSS pixels: across, and down. */
  readonly side: number;
  readonly step: number;
}

/** The arrangement in which `count` tiles are largest, of at most `columnsMost` in a row. */
export function tilesOf(
  count: number,
  columnsMost: number,
  {width, height, most}: {readonly width: number; readonly height: number; readonly most: number}
): Tiles {
  const tall = (1 + 2 * gap) / (1 + gap);
  let best: Tiles = {columns: 1, rows: 1, side: 0, step: 0};
  for (let columns = 1; columns <= Math.max(1, columnsMost); ++columns) {
    const rows = Math.max(1, Math.ceil(count / columns));
    const side = Math.min(most, width / columns, height / rows / tall);
    if (side > best.side || (side === best.side && columns > best.columns && side === most && best.rows > 1)) {
      best = {columns, rows, side, step: side * tall};
    }
  }
  return best;
}
