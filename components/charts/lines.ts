// One quantity against another, as lines labelled at their ends, with an upright at the present value. Single measurements
// can be dotted beside the line of their mean.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {line} from "d3-shape";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";
import {drawLevels, fittingTicks, spread, tenth} from "./plotting.js";

export interface Line {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly dashed?: boolean;
  /** A class that gives the colour, e.g. "means-decoder". */
  readonly kind?: string;
  /** Single measurements of which the line is the mean. */
  readonly points?: readonly (readonly [x: number, y: number])[];
}

export interface LinesData {
  readonly lines: readonly Line[];
  /** Where the upright stands; null for none. */
  readonly at?: number | null;
}

export interface LinesOptions {
  readonly title: string;
  /** What is along the bottom. */
  readonly across: string;
  readonly height?: number;
  readonly format?: (value: number) => string;
  readonly formatX?: (value: number) => string;
  readonly ticks?: readonly number[];
}

export type Lines = Chart<LinesData>;

const margin = {top: 26, bottom: 38, left: 46};

export function lines(data: LinesData, options: LinesOptions): Lines {
  const {title, across, height = 220, format = formatNumber, formatX = formatNumber, ticks} = options;
  const svg = create("svg:svg").attr("class", "curve lines").attr("role", "img").attr("height", height);
  const grid = svg.append("g").attr("class", "frame");
  const rule = svg.append("line").attr("class", "rule");
  const paths = svg.append("g").attr("class", "series");
  const dots = svg.append("g").attr("class", "points");
  const labels = svg.append("g").attr("class", "labels");
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const below = svg
    .append("text")
    .attr("class", "across")
    .attr("y", height - 4);
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;

  const redraw = drawAtWidth(node, 340, (width) => {
    const all = shown.lines.filter(({x}) => x.length > 0);
    const right = width - 14 - 7.4 * Math.max(6, ...all.map(({name}) => name.length));
    const places = all.flatMap((one) => Array.from(one.x));
    const x = scaleLinear(range(places.length > 0 ? places : (ticks ?? [])), [margin.left, right]);
    const [low, high] = range(all.flatMap((one) => [...Array.from(one.y), ...(one.points ?? []).map(([, v]) => v)]));
    const y = scaleLinear([Math.min(0, low), high], [height - margin.bottom, margin.top]).nice(4);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    drawLevels(grid, y.ticks(4), {y, left: margin.left, right, format});
    grid
      .selectAll<SVGTextElement, number>("text.x")
      .data((ticks ?? fittingTicks(x, formatX)).filter((t) => t >= x.domain()[0]! && t <= x.domain()[1]!))
      .join((enter) => enter.append("text").attr("class", "x").attr("text-anchor", "middle"))
      .attr("x", (t) => tenth(x(t)))
      .attr("y", height - margin.bottom + 16)
      .text(formatX);
    below
      .attr("x", tenth((margin.left + right) / 2))
      .attr("text-anchor", "middle")
      .text(across);
    paths
      .selectAll<SVGPathElement, Line>("path")
      .data(all)
      .join("path")
      .attr("class", (one) => one.kind ?? null)
      .attr("stroke-dasharray", (one) => (one.dashed ? "5 4" : null))
      .attr("d", (one) => pathOf(one, x, y));
    dots
      .selectAll<SVGPathElement, Line>("path")
      .data(all.filter(({points = []}) => points.length > 0))
      .join("path")
      .attr("class", (one) => one.kind ?? null)
      .attr("d", ({points = []}) => points.map(([px, py]) => dot(tenth(x(px)), tenth(y(py)))).join(""));
    const at = shown.at ?? null;
    rule
      .attr("display", at === null ? "none" : null)
      .attr("x1", tenth(x(at ?? 0)))
      .attr("x2", tenth(x(at ?? 0)))
      .attr("y1", margin.top)
      .attr("y2", height - margin.bottom);
    const ends = spread(
      all.map((one) => y(one.y[one.y.length - 1]!)),
      17,
      margin.top,
      height - margin.bottom
    );
    labels
      .selectAll<SVGTextElement, Line>("text")
      .data(all)
      .join("text")
      .attr("class", (one) => one.kind ?? null)
      .attr("dy", "0.35em")
      .attr("x", tenth(right + 8))
      .attr("y", (_, i) => tenth(ends[i]!))
      .text(({name}) => name);
    const words = all.map((one) => `${one.name} ${format(valueAt(one, at))}`).join(", ");
    svg.attr("aria-label", `${title}${at === null ? "" : ` at ${formatX(at)}`}: ${words || "nothing yet"}`);
  });
  return Object.assign(node, {
    update(next: LinesData) {
      shown = next;
      redraw();
    }
  });
}

/** The value at the nearest x; without one, the last. */
export function valueAt({x, y}: Pick<Line, "x" | "y">, at: number | null): number {
  let best = y.length - 1;
  if (at === null) return y[best] ?? Number.NaN;
  for (let i = 0; i < x.length; ++i) if (Math.abs(x[i]! - at) < Math.abs(x[best]! - at)) best = i;
  return y[best] ?? Number.NaN;
}

function pathOf(one: Line, x: (value: number) => number, y: (value: number) => number): string | null {
  return line<number>()
    .x((i) => tenth(x(one.x[i]!)))
    .y((i) => tenth(y(one.y[i]!)))(Array.from({length: one.x.length}, (_, i) => i));
}

/** A circle of radius 3. */
function dot(x: number, y: number): string {
  return `M${tenth(x - 3)} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`;
}

function range(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return high > low ? [low, high] : [low, low + 1];
}
