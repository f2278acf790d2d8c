// Named series over steps, labelled at their ends; pointing gives the values at a step.

import {scaleLinear, scaleLog} from "d3-scale";
import {create} from "d3-selection";
import {line} from "d3-shape";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {formatCount, formatNumber} from "./format.js";
import {drawLevels, spread, tenth} from "./plotting.js";

export interface Series {
  readonly name: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Dashed, so that two series are told apart without colour. */
  readonly dashed?: boolean;
  /** A class that gives the colour, e.g. "means-decoder". */
  readonly kind?: string;
}

export interface CurveOptions {
  /** What the values are, e.g. "squared error". */
  readonly title: string;
  readonly height?: number;
  /** The step at which the axis ends, at least. */
  readonly totalSteps?: number;
  readonly log?: boolean;
  readonly format?: (value: number) => string;
}

export type Curve = Chart<readonly Series[]>;

/** More points than this are thinned out: there are no more pixels. */
const mostPoints = 300;
const margin = {top: 26, bottom: 22, left: 46};

export function curve(data: readonly Series[], options: CurveOptions): Curve {
  const {title, height = 200, totalSteps = 1, log = false, format = formatNumber} = options;
  const svg = create("svg:svg").attr("class", "curve").attr("role", "img").attr("height", height);
  const frame = svg.append("g").attr("class", "frame");
  const paths = svg.append("g").attr("class", "series");
  const rule = svg.append("line").attr("class", "rule").attr("display", "none");
  const labels = svg.append("g").attr("class", "labels");
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const when = svg.append("text").attr("class", "when").attr("y", 12).attr("text-anchor", "end");
  const node = element("div", {class: "chart"}, svg.node());
  let series = data.map(thinned);
  let pointed: number | null = null;

  const redraw = drawAtWidth(node, 340, (width) => {
    const written = series.map(({name, values}) => {
      const value = values.length === 0 ? "0.000" : format(values[values.length - 1]!);
      return 7.4 * name.length + 8.6 * value.length; // values are in bold
    });
    const right = Math.max(width - 18 - Math.max(0, ...written), margin.left + 60);
    const last = Math.max(totalSteps, ...series.map(({steps}) => steps[steps.length - 1] ?? 0));
    const x = scaleLinear([0, last], [margin.left, right]);
    const range: [number, number] = [height - margin.bottom, margin.top];
    const [low, high] = extent(series, log);
    const y = log ? scaleLog([low, high], range) : scaleLinear([low, high], range);
    y.nice(4);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    svg.attr("aria-label", `${title}: ${spoken(series, format)}`);

    const ticks = log ? decades(y.domain() as [number, number]) : y.ticks(4);
    drawLevels(frame, ticks, {y, left: margin.left, right, format});
    frame
      .selectAll<SVGTextElement, number>("text.x")
      .data(stepTicks(last))
      .join((enter) =>
        enter
          .append("text")
          .attr("class", "x")
          .attr("y", height - 4)
      )
      .attr("x", (t) => tenth(x(t)))
      .attr("text-anchor", (t) => (t === 0 ? "start" : t === last ? "end" : "middle"))
      .text((t) => (t === last ? `${formatCount(t)} steps` : formatCount(t)));

    const d = line<number>()
      .x((i) => tenth(x(current!.steps[i]!)))
      .y((i) => tenth(y(log ? Math.max(low, current!.values[i]!) : current!.values[i]!)))
      .defined((i) => Number.isFinite(current!.values[i]!));
    let current: Series | undefined;
    paths
      .selectAll<SVGPathElement, Series>("path")
      .data(series)
      .join("path")
      .attr("class", (s) => s.kind ?? null)
      .attr("stroke-dasharray", (s) => (s.dashed ? "5 4" : null))
      .attr("d", (s) => {
        current = s;
        return d(Array.from({length: s.steps.length}, (_, i) => i));
      });

    const at = pointed === null ? last : Math.max(0, Math.min(last, x.invert(pointed)));
    const entries = series.map((s) => ({s, i: indexAt(s.steps, at)})).filter(({i}) => i >= 0);
    const placed = spread(
      entries.map(({s, i}) => y(Math.max(log ? low : -Infinity, s.values[i]!))),
      17,
      margin.top,
      height - margin.bottom
    );
    labels
      .selectAll<SVGTextElement, (typeof entries)[number]>("text")
      .data(entries)
      .join((enter) => {
        const text = enter.append("text").attr("dy", "0.35em");
        text.append("tspan").attr("class", "name");
        text.append("tspan").attr("class", "value").attr("dx", 6);
        return text;
      })
      .attr("class", ({s}) => s.kind ?? null)
      .attr("x", tenth(right + 8))
      .attr("y", (_, k) => tenth(placed[k]!))
      .each(function ({s, i}) {
        this.children[0]!.textContent = s.name;
        this.children[1]!.textContent = format(s.values[i]!);
      });
    rule
      .attr("display", pointed === null ? "none" : null)
      .attr("x1", tenth(x(at)))
      .attr("x2", tenth(x(at)))
      .attr("y1", margin.top)
      .attr("y2", height - margin.bottom);
    when
      .attr("x", tenth(right))
      .text(pointed === null || entries.length === 0 ? "" : `step ${formatCount(entries[0]!.s.steps[entries[0]!.i]!)}`);
  });

  node.addEventListener("pointermove", (event) => {
    pointed = event.clientX - node.getBoundingClientRect().left;
    redraw();
  });
  node.addEventListener("pointerleave", () => {
    pointed = null;
    redraw();
  });
  return Object.assign(node, {
    update(next: readonly Series[]) {
      series = next.map(thinned);
      redraw();
    }
  });
}

function thinned(series: Series): Series {
  const count = series.steps.length;
  if (count <= mostPoints) return series;
  const index = Array.from({length: mostPoints}, (_, i) => Math.round((i * (count - 1)) / (mostPoints - 1)));
  return {...series, steps: index.map((i) => series.steps[i]!), values: index.map((i) => series.values[i]!)};
}

function extent(series: readonly Series[], log: boolean): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const {values} of series) {
    for (let i = 0; i < values.length; ++i) {
      const v = values[i]!;
      if (!Number.isFinite(v) || (log && v <= 0)) continue;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  }
  if (low > high) return log ? [1e-3, 1] : [0, 1];
  if (log) return low === high ? [low / 2, high * 2] : [low, high];
  return [Math.min(0, low), high > Math.min(0, low) ? high : high + 1];
}

/** Powers of ten, or of ten and 2 and 5 where there are few. */
function decades([low, high]: [number, number]): number[] {
  const all = (factors: readonly number[]) => {
    const out: number[] = [];
    for (let e = Math.floor(Math.log10(low)); 10 ** e <= high; ++e) {
      for (const f of factors) if (f * 10 ** e >= low * 0.999 && f * 10 ** e <= high * 1.001) out.push(f * 10 ** e);
    }
    return out;
  };
  const tens = all([1]);
  return tens.length >= 3 ? tens : all([1, 2, 5]).length <= 6 ? all([1, 2, 5]) : tens;
}

function stepTicks(last: number): number[] {
  return last > 1 ? [0, last] : [0];
}

/** The last point at or before the step. */
function indexAt(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (steps[mid]! <= step) low = mid;
    else high = mid - 1;
  }
  return low;
}

function spoken(series: readonly Series[], format: (value: number) => string): string {
  const parts = series
    .filter(({values}) => values.length > 0)
    .map(({name, values}) => `${name} ${format(values[values.length - 1]!)}`);
  return parts.length > 0 ? parts.join(", ") : "no steps yet";
}
