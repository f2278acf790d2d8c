// A codebook of two dimensions: each code with its cell, the encoder's outputs as small dots, and a pointer to try a place.

import {Delaunay} from "d3-delaunay";
import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth, type NumberArray} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {tenth} from "./plotting.js";

export interface VoronoiData {
  /** [K, 2]. */
  readonly codebook: NumberArray;
  /** What each code looks like: uint8 [K, p, p, 3]. */
  readonly patches: NumberArray;
  /** [n, 2], with the code of each [n] and its colour, uint8 [n, 3]. */
  readonly outputs: NumberArray;
  readonly codes: NumberArray;
  readonly colours: NumberArray;
}

export interface VoronoiOptions {
  readonly label: string;
  readonly height?: number;
  /** The place tried at first; none by default. */
  readonly start?: Place;
}

export type Place = [number, number];

/** Emits "input" when the reader tries another place of the plane, by pointer or arrow keys. */
export interface Voronoi extends Chart<VoronoiData | null> {
  /** The place tried; null for none. */
  readonly value: Place | null;
}

export function voronoi(data: VoronoiData | null, {label, height = 380, start}: VoronoiOptions): Voronoi {
  const svg = create("svg:svg").attr("class", "voronoi").attr("role", "application").attr("tabindex", 0);
  svg.attr("height", height).attr("aria-label", label);
  const cells = svg.append("g").attr("class", "cells");
  const edges = svg.append("path").attr("class", "edges");
  const dots = svg.append("g").attr("class", "outputs");
  const marks = svg.append("g").attr("class", "codes");
  const cross = svg.append("path").attr("class", "tried");
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;
  let tried: Place | null = start ?? null;
  let toPlane: (x: number, y: number) => Place = (x, y) => [x, y];
  let pixel: Place = [0, 0];

  const redraw = drawAtWidth(node, 420, (width) => {
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    if (shown === null) return;
    const {codebook, patches, outputs, codes, colours} = shown;
    const count = codebook.shape[0]!;
    const [xs, ys] = frame([codebook.data, outputs.data], width / height);
    const x = scaleLinear(xs, [0, width]);
    const y = scaleLinear(ys, [height, 0]);
    toPlane = (px, py) => [x.invert(px), y.invert(py)];
    pixel = [(xs[1] - xs[0]) / width, (ys[1] - ys[0]) / height];
    const points = Array.from({length: count}, (_, k): Place => {
      return [x(codebook.data[2 * k]!), y(codebook.data[2 * k + 1]!)];
    });
    const diagram = Delaunay.from(points).voronoi([0, 0, width, height]);
    const used = new Set(Array.from(codes.data));
    cells
      .selectAll<SVGPathElement, Place>("path")
      .data(points)
      .join("path")
      .attr("d", (_, k) => rounded(diagram.renderCell(k)))
      .attr("fill", (_, k) => mean(patches, k));
    edges.attr("d", rounded(diagram.render()));
    dots
      .selectAll<SVGCircleElement, number>("circle")
      .data(Array.from(codes.data))
      .join("circle")
      .attr("r", 2.4)
      .attr("cx", (_, i) => tenth(x(outputs.data[2 * i]!)))
      .attr("cy", (_, i) => tenth(y(outputs.data[2 * i + 1]!)))
      .attr("fill", (_, i) => `rgb(${[0, 1, 2].map((c) => colours.data[3 * i + c]).join()})`);
    // A code in use is a filled square, a dead one an open cross: told apart without colour.
    marks
      .selectAll<SVGPathElement, Place>("path")
      .data(points)
      .join("path")
      .attr("class", (_, k) => (used.has(k) ? "used" : "dead"))
      .attr("transform", ([px, py]) => `translate(${tenth(px)} ${tenth(py)})`)
      .attr("d", (_, k) => (used.has(k) ? "M-5 -5H5V5H-5Z" : "M-5 -5L5 5M5 -5L-5 5"))
      .attr("fill", (_, k) => (used.has(k) ? mean(patches, k) : "none"));
    if (tried === null) cross.attr("d", null);
    else cross.attr("d", crossAt(x(tried[0]), y(tried[1])));
    svg.attr(
      "aria-label",
      `${label}: ${count} codes, ${used.size} of them chosen by some of ${codes.data.length} encoder outputs. ` +
        "Arrow keys try a place."
    );
  });
  function attempt(place: Place): void {
    tried = place;
    redraw();
    changed(node);
  }
  node.addEventListener("pointermove", (event) => {
    if (shown === null || event.pointerType === "touch") return;
    attempt(placeOf(event));
  });
  node.addEventListener("click", (event) => {
    if (shown !== null) attempt(placeOf(event));
  });
  function placeOf(event: MouseEvent): Place {
    const {left, top} = node.getBoundingClientRect();
    return toPlane(event.clientX - left, event.clientY - top);
  }
  node.addEventListener("keydown", (event) => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (move === undefined || shown === null) return;
    event.preventDefault();
    const {codebook} = shown;
    const [x, y] = tried ?? [codebook.data[0]!, codebook.data[1]!];
    attempt([x + 8 * move[0]! * pixel[0], y + 8 * move[1]! * pixel[1]]);
  });
  return extend(node, {
    update(next: VoronoiData | null) {
      shown = next;
      redraw();
    },
    get value() {
      return tried;
    }
  });
}

/** A frame round all points, with some room, of the picture's proportions, so that distances are true. */
function frame(arrays: readonly ArrayLike<number>[], aspect: number): [[number, number], [number, number]] {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const values of arrays) {
    for (let i = 0; i < values.length; ++i) {
      low[i % 2] = Math.min(low[i % 2]!, values[i]!);
      high[i % 2] = Math.max(high[i % 2]!, values[i]!);
    }
  }
  const side = 1.12 * Math.max((high[0]! - low[0]!) / aspect, high[1]! - low[1]!, 1e-3);
  const middle = [0, 1].map((d) => (low[d]! + high[d]!) / 2) as [number, number];
  const half = [(side * aspect) / 2, side / 2] as const;
  return [
    [middle[0] - half[0], middle[0] + half[0]],
    [middle[1] - half[1], middle[1] + half[1]]
  ];
}

/** A code's mean colour. */
function mean({shape, data}: NumberArray, index: number): string {
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const sums = [0, 0, 0];
  for (let i = 0; i < size; ++i) sums[i % 3]! += data[index * size + i]!;
  return `rgb(${sums.map((sum) => Math.round((3 * sum) / size)).join()})`;
}

function crossAt(x: number, y: number): string {
  return `M${tenth(x - 12)} ${tenth(y)}H${tenth(x + 12)}M${tenth(x)} ${tenth(y - 12)}V${tenth(y + 12)}`;
}

function rounded(path: string): string {
  return path.replace(/\d+\.\d+/g, (number) => String(tenth(Number(number))));
}
