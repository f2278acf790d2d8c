// Densities over a line, labelled at their tops; a handle on one of them can be dragged.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {area, line} from "d3-shape";
import {type Chart, drawAtWidth} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {formatNumber} from "./format.js";
import {tenth} from "./plotting.js";

export interface Density {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly dashed?: boolean;
  /** A class that gives the colour, e.g. "means-decoder". */
  readonly kind?: string;
  /** The area under it is filled where this is true. */
  readonly filled?: (x: number) => boolean;
}

export interface DensityData {
  readonly densities: readonly Density[];
  /** Where the handle is; null for none. */
  readonly handle?: {readonly x: number; readonly y: number} | null;
  /** Upright lines with a name. */
  readonly rules?: readonly {readonly x: number; readonly name: string}[];
}

export interface DensityOptions {
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly height?: number;
  /** The axis of densities ends here at most: what is higher is cut off. */
  readonly most?: number;
  /** What the handle is, for who cannot see it. */
  readonly handleName?: string;
}

/** Emits "input" when the handle is dragged; `dragged` is where to, in the plot's units. */
export interface DensityPlot extends Chart<DensityData> {
  readonly dragged: {readonly x: number; readonly y: number} | null;
}

const margin = {top: 54, bottom: 24};

/** Names of rules that stand this close, in pixels, would run into each other. */
const closeRules = 44;

/** Where a rule's name goes: −1 to its left, 1 to its right, 0 above it. */
function sideOf(rule: {readonly x: number}, rules: readonly {readonly x: number}[], x: (value: number) => number) {
  const near = rules.filter((other) => other !== rule && Math.abs(x(other.x) - x(rule.x)) < closeRules);
  const [other] = near;
  return near.length !== 1 || other!.x === rule.x ? 0 : other!.x > rule.x ? -1 : 1;
}

export function densityPlot(data: DensityData, options: DensityOptions): DensityPlot {
  const {title, domain, height = 230, most = Infinity, handleName = "the curve"} = options;
  const svg = create("svg:svg").attr("class", "density").attr("role", "img").attr("height", height);
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const key = svg.append("g").attr("class", "key");
  const axis = svg.append("g").attr("class", "frame");
  const fills = svg.append("g").attr("class", "fills");
  const rules = svg.append("g").attr("class", "rules");
  const paths = svg.append("g").attr("class", "series");
  const svgNode = svg.node()!;
  const handle = element("div", {class: "density-handle", title: `Drag ${handleName}`, "aria-hidden": true});
  const node = element("div", {class: "chart density-plot"}, svgNode, handle);
  let shown = data;
  let dragged: DensityPlot["dragged"] = null;
  let size = 340;
  let top = 1;

  const redraw = drawAtWidth(node, 340, (width) => {
    size = width;
    const peaks = shown.densities.map(({y}) => Math.max(0, ...Array.from(y)));
    top = Math.min(most, Math.max(1e-9, ...peaks) * 1.05);
    const x = scaleLinear([...domain], [8, width - 8]);
    const y = scaleLinear([0, top], [height - margin.bottom, margin.top]).clamp(true);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    svg.attr("aria-label", `${title}: ${shown.densities.map(({name}) => name).join(", ")}`);
    const path = (one: Density) =>
      line<number>()
        .x((i) => tenth(x(one.x[i]!)))
        .y((i) => tenth(y(one.y[i]!)))(Array.from({length: one.x.length}, (_, i) => i));
    const fill = (one: Density) =>
      area<number>()
        .defined((i) => one.filled?.(one.x[i]!) ?? false)
        .x((i) => tenth(x(one.x[i]!)))
        .y0(y(0))
        .y1((i) => tenth(y(one.y[i]!)))(Array.from({length: one.x.length}, (_, i) => i));
    fills
      .selectAll<SVGPathElement, Density>("path")
      .data(shown.densities.filter(({filled}) => filled !== undefined))
      .join("path")
      .attr("class", (one) => one.kind ?? null)
      .attr("d", fill);
    paths
      .selectAll<SVGPathElement, Density>("path")
      .data(shown.densities)
      .join("path")
      .attr("class", (one) => one.kind ?? null)
      .attr("stroke-dasharray", (one) => (one.dashed ? "5 4" : null))
      .attr("d", path);
    let at = 0;
    key
      .selectAll<SVGGElement, Density>("g")
      .data(shown.densities)
      .join((enter) => {
        const entry = enter.append("g");
        entry.append("line").attr("x2", 20).attr("y1", 26).attr("y2", 26);
        entry.append("text").attr("x", 26).attr("y", 26).attr("dy", "0.35em");
        return entry;
      })
      .attr("class", (one) => one.kind ?? null)
      .each(function (one) {
        this.setAttribute("transform", `translate(${at} 0)`);
        this.children[0]!.setAttribute("stroke-dasharray", one.dashed ? "5 4" : "none");
        this.children[1]!.textContent = one.name;
        at += 44 + 7.6 * one.name.length;
      });
    axis
      .selectAll<SVGTextElement, number>("text")
      .data(x.ticks(Math.max(2, Math.floor(width / 80))))
      .join("text")
      .attr("text-anchor", "middle")
      .attr("y", height - 5)
      .attr("x", (t) => Math.min(width - 14, Math.max(14, tenth(x(t)))))
      .text((t) => formatNumber(t));
    axis
      .selectAll<SVGLineElement, number>("line")
      .data([0])
      .join("line")
      .attr("x1", 0)
      .attr("x2", width)
      .attr("y1", y(0))
      .attr("y2", y(0));
    rules
      .selectAll<SVGGElement, {x: number; name: string}>("g")
      .data([...(shown.rules ?? [])])
      .join((enter) => {
        const rule = enter.append("g");
        rule
          .append("line")
          .attr("y1", margin.top)
          .attr("y2", height - margin.bottom);
        rule
          .append("text")
          .attr("y", margin.top - 2)
          .attr("text-anchor", "middle");
        return rule;
      })
      .attr("transform", (rule) => `translate(${tenth(x(rule.x))} 0)`)
      .each(function (rule) {
        const name = this.children[1]!;
        name.textContent = rule.name;
        const side = sideOf(rule, shown.rules ?? [], x);
        name.setAttribute("text-anchor", side === 0 ? "middle" : side < 0 ? "end" : "start");
        name.setAttribute("x", String(3 * side));
      });
    const point = shown.handle ?? null;
    handle.hidden = point === null;
    if (point !== null) {
      handle.style.left = `${Math.min(width - 8, Math.max(8, x(point.x)))}px`;
      handle.style.top = `${y(point.y)}px`;
    }
  });
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = svgNode.getBoundingClientRect();
    const x = scaleLinear([8, size - 8], [...domain]).clamp(true);
    const y = scaleLinear([height - margin.bottom, margin.top], [0, top]);
    dragged = {x: x(event.clientX - box.left), y: Math.max(0, y(event.clientY - box.top))};
    changed(node);
  });
  return extend(node, {
    update(next: DensityData) {
      shown = next;
      redraw();
    },
    get dragged() {
      return dragged;
    }
  });
}
