// A plane of two latents: every scene a mark, on demand with its ellipse of one σ, the rings of N(0, I), and the pictures
// that the decoder makes of each part. A place of it can be tried.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye
} from "d3-shape";
import {type Chart, drawAtWidth, imageShape, type NumberArray} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {tenth} from "./plotting.js";

export type Place = readonly [number, number];

/** Scenes that share a value of the attribute; told apart by colour and by mark. */
export interface PlaneGroup {
  readonly name: string;
  /** A CSS colour. */
  readonly colour: string;
}

export interface PlaneData {
  /** [n, 2], and the group of each. */
  readonly places: NumberArray;
  readonly groups: readonly PlaneGroup[];
  readonly groupOf: readonly number[];
  /** [n, 2]: half axes of the ellipses. */
  readonly sigma?: NumberArray | null;
  /** What the decoder makes of the middle of each cell, `columns` in a row: uint8 [columns · rows, H, W, 3]. */
  readonly pictures?: NumberArray | null;
  /** Places marked with their number, such as those drawn at random. */
  readonly marked?: readonly Place[];
}

export interface PlaneOptions {
  readonly label: string;
  /** The plane's sides show this span, at least, about 0. */
  readonly reach?: number;
  /** Rings of the prior at 1, 2 and 3 standard deviations. */
  readonly rings?: boolean;
  /** The place tried at first; none by default. */
  readonly start?: Place;
}

/** Emits "input" when the reader tries a place, by pointer or arrow keys. */
export interface LatentPlane extends Chart<PlaneData | null> {
  readonly value: Place | null;
  /** The middles of the cells of a grid over what is shown, row by row from the top. */
  cells(columns: number): Place[];
}

const marks = [symbolCircle, symbolSquare, symbolTriangle, symbolStar, symbolDiamond, symbolCross, symbolWye];

export function latentPlane(
  data: PlaneData | null,
  {label, reach = 1, rings = false, start}: PlaneOptions
): LatentPlane {
  const canvas = element("canvas", {class: "plane-pictures pixels", "aria-hidden": true});
  const svg = create("svg:svg").attr("class", "latent-plane").attr("viewBox", "0 0 400 400");
  svg.attr("role", "application").attr("tabindex", 0);
  const axes = svg.append("path").attr("class", "axes");
  const circles = svg.append("g").attr("class", "rings");
  const ellipses = svg.append("g").attr("class", "ellipses");
  const points = svg.append("g").attr("class", "points");
  const numbers = svg.append("g").attr("class", "marked");
  const cross = svg.append("path").attr("class", "tried");
  const key = element("ul", {class: "plane-key"});
  const field = element("div", {class: "plane-field"}, canvas, svg.node());
  const node = element("div", {class: "chart plane"}, field, key);
  let shown = data;
  let tried: Place | null = start ?? null;
  let domain = frame(shown, reach);

  const redraw = drawAtWidth(node, 400, () => {
    domain = frame(shown, reach);
    const x = scaleLinear(domain.x, [0, 400]);
    const y = scaleLinear(domain.y, [400, 0]);
    const unit = x(1) - x(0);
    axes.attr("d", `M${tenth(x(0))} 0V400M0 ${tenth(y(0))}H400`);
    circles
      .selectAll<SVGCircleElement, number>("circle")
      .data(rings ? [1, 2, 3] : [])
      .join("circle")
      .attr("cx", tenth(x(0)))
      .attr("cy", tenth(y(0)))
      .attr("r", (r) => tenth(r * unit));
    const {places, groups = [], groupOf = [], sigma = null, pictures = null, marked = []} = shown ?? {};
    const count = places?.shape[0] ?? 0;
    const indices = Array.from({length: count}, (_, i) => i);
    const at = (i: number): Place => [x(places!.data[2 * i]!), y(places!.data[2 * i + 1]!)];
    const colour = (i: number) => groups[groupOf[i] ?? 0]?.colour ?? "currentcolor";
    ellipses
      .selectAll<SVGEllipseElement, number>("ellipse")
      .data(sigma === null ? [] : indices)
      .join("ellipse")
      .attr("cx", (i) => tenth(at(i)[0]))
      .attr("cy", (i) => tenth(at(i)[1]))
      .attr("rx", (i) => tenth(sigma!.data[2 * i]! * unit))
      .attr("ry", (i) => tenth(sigma!.data[2 * i + 1]! * unit))
      .attr("stroke", colour);
    points
      .selectAll<SVGPathElement, number>("path")
      .data(indices)
      .join("path")
      .attr("transform", (i) => `translate(${tenth(at(i)[0])} ${tenth(at(i)[1])})`)
      .attr("d", (i) => symbol(marks[(groupOf[i] ?? 0) % marks.length], 44)())
      .attr("fill", colour);
    numbers
      .selectAll<SVGTextElement, Place>("text")
      .data(marked)
      .join("text")
      .attr("x", (place) => tenth(x(place[0])))
      .attr("y", (place) => tenth(y(place[1])))
      .attr("text-anchor", "middle")
      .attr("dy", "0.35em")
      .text((_, i) => i + 1);
    cross.attr("d", tried === null ? null : crossAt(x(tried[0]), y(tried[1])));
    canvas.hidden = pictures === null;
    if (pictures !== null) paintMosaic(canvas, pictures);
    const where = tried === null ? "" : ` Trying ${tried.map((v) => v.toFixed(2)).join(", ")}.`;
    svg.attr("aria-label", `${label}: ${count} scenes.${where} Arrow keys try a place.`);
    if (key.childElementCount !== groups.length || key.dataset.names !== groups.map((g) => g.name).join()) {
      key.dataset.names = groups.map((g) => g.name).join();
      key.replaceChildren(...groups.map(({name, colour: ink}, i) => keyEntry(name, ink, i)));
    }
  });
  function attempt(place: Place): void {
    tried = [clamp(place[0], domain.x), clamp(place[1], domain.y)];
    redraw();
    changed(node);
  }
  function placeOf(event: MouseEvent): Place {
    const box = field.getBoundingClientRect();
    const across = (event.clientX - box.left) / Math.max(1, box.width);
    const down = (event.clientY - box.top) / Math.max(1, box.height);
    return [domain.x[0] + across * (domain.x[1] - domain.x[0]), domain.y[1] - down * (domain.y[1] - domain.y[0])];
  }
  field.addEventListener("pointerdown", (event) => {
    attempt(placeOf(event));
    field.setPointerCapture?.(event.pointerId);
  });
  field.addEventListener("pointermove", (event) => {
    // A mouse need not be pressed; a finger is.
    if (event.pointerType === "mouse" || event.buttons > 0) attempt(placeOf(event));
  });
  field.addEventListener("keydown", (event) => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const step = (domain.x[1] - domain.x[0]) / 50;
    attempt([(tried?.[0] ?? 0) + step * move[0]!, (tried?.[1] ?? 0) + step * move[1]!]);
  });
  return extend(node, {
    update(next: PlaneData | null) {
      shown = next;
      redraw();
    },
    get value() {
      return tried;
    },
    cells(columns: number): Place[] {
      const side = (domain.x[1] - domain.x[0]) / columns;
      return Array.from(
        {length: columns ** 2},
        (_, i): Place => [
          domain.x[0] + ((i % columns) + 0.5) * side,
          domain.y[1] - (Math.floor(i / columns) + 0.5) * side
        ]
      );
    }
  });
}

/** A square about all marks, and about 0 as far as `reach`. */
function frame(data: PlaneData | null, reach: number): {x: [number, number]; y: [number, number]} {
  const low = [-reach, -reach];
  const high = [reach, reach];
  const include = (values: ArrayLike<number>) => {
    for (let i = 0; i < values.length; ++i) {
      low[i % 2] = Math.min(low[i % 2]!, values[i]!);
      high[i % 2] = Math.max(high[i % 2]!, values[i]!);
    }
  };
  include(data?.places.data ?? []);
  const half = 0.54 * Math.max(high[0]! - low[0]!, high[1]! - low[1]!);
  const middle = [0, 1].map((d) => (low[d]! + high[d]!) / 2);
  return {x: [middle[0]! - half, middle[0]! + half], y: [middle[1]! - half, middle[1]! + half]};
}

function keyEntry(name: string, colour: string, index: number): HTMLElement {
  const svg = create("svg:svg").attr("viewBox", "-8 -8 16 16").attr("width", 16).attr("height", 16);
  svg.attr("aria-hidden", "true");
  svg
    .append("path")
    .attr("d", symbol(marks[index % marks.length], 60)())
    .attr("fill", colour)
    .attr("class", "key-mark");
  return element("li", {}, svg.node(), name);
}

/** A square mosaic of images, one canvas pixel for each of theirs. */
function paintMosaic(canvas: HTMLCanvasElement, images: NumberArray): void {
  const {count, height, width} = imageShape(images, "paintMosaic");
  const columns = Math.round(Math.sqrt(count));
  canvas.width = columns * width;
  canvas.height = columns * height;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const pixels = context.createImageData(canvas.width, canvas.height);
  for (let i = 0, from = 0; i < columns ** 2; ++i) {
    for (let row = 0; row < height; ++row) {
      let to = ((Math.floor(i / columns) * height + row) * canvas.width + (i % columns) * width) * 4;
      for (let column = 0; column < width; ++column, from += 3, to += 4) {
        for (let c = 0; c < 3; ++c) pixels.data[to + c] = images.data[from + c]!;
        pixels.data[to + 3] = 255;
      }
    }
  }
  context.putImageData(pixels, 0, 0);
}

function crossAt(x: number, y: number): string {
  const [a, b] = [tenth(x), tenth(y)];
  return `M${a - 11} ${b}h7m8 0h7M${a} ${b - 11}v7m0 8v7`;
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
