// Series over a logarithmic axis, such as errors against the temperature, labelled at their ends.

import {scaleLinear, scaleLog} from "d3-scale";
import {create} from "d3-selection";
import {line} from "d3-shape";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";
import {drawLevels, spread, tenth} from "./plotting.js";

export interface LogSeries {
  readonly name: string;
  readonly xs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Half the length of each point's error bar. */
  readonly errors?: ArrayLike<number>;
  readonly dashed?: boolean;
  readonly kind?: string;
}

export interface LogCurveData {
  readonly series: readonly LogSeries[];
  /** A place on the axis to mark. */
  readonly at?: number | null;
}

export interface LogCurveOptions {
  readonly title: string;
  /** The ends of the axis and the values to write below it. */
  readonly domain: readonly [number, number];
  readonly ticks: readonly {readonly value: number; readonly label: string}[];
  readonly axis: string;
  readonly height?: number;
  /** A logarithmic vertical axis. */
  readonly log?: boolean;
  /** The vertical axis' largest value is at least this. */
  readonly least?: number;
  /** The vertical axis begins at the smallest value in place of 0. */
  readonly fitted?: boolean;
}

const margin = {top: 26, bottom: 38, left: 46};

export function logCurve(data: LogCurveData, options: LogCurveOptions): Chart<LogCurveData> {
  const {title, domain, ticks, axis, height = 240, log = false, least = 0, fitted = false} = options;
  const svg = create("svg:svg").attr("class", "curve log-curve").attr("role", "img").attr("height", height);
  const frame = svg.append("g").attr("class", "frame");
  const bars = svg.append("path").attr("class", "errors");
  const paths = svg.append("g").attr("class", "series");
  const rule = svg.append("line").attr("class", "rule");
  const labels = svg.append("g").attr("class", "labels");
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;
  const redraw = drawAtWidth(node, 420, (width) => {
    const {series, at = null} = shown;
    const named = Math.max(0, ...series.map(({name}) => name.length));
    const right = Math.max(width - 14 - 7.4 * named, margin.left + 80);
    const bottom = height - margin.bottom;
    const x = scaleLog([...domain], [margin.left, right]);
    const all = series.flatMap(({values}) => Array.from(values).filter((v) => Number.isFinite(v) && (!log || v > 0)));
    const high = Math.max(least, ...all, log ? 1e-3 : 0);
    const low = log ? Math.max(1e-4, Math.min(...all, high / 10)) : fitted && all.length > 0 ? Math.min(...all) : 0;
    const y = log ? scaleLog([low, high], [bottom, margin.top]) : scaleLinear([low, high], [bottom, margin.top]);
    y.nice(4).clamp(true);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    frame.selectAll("*").remove();
    const levels = log ? y.ticks(4).filter((t) => Number.isInteger(Number(Math.log10(t).toFixed(6)))) : y.ticks(4);
    drawLevels(frame, levels, {y, left: margin.left, right, format: formatNumber});
    for (const {value, label} of ticks) {
      frame
        .append("text")
        .attr("class", "x")
        .attr("text-anchor", "middle")
        .attr("x", tenth(x(value)))
        .attr("y", bottom + 17)
        .text(label);
    }
    frame
      .append("text")
      .attr("class", "x")
      .attr("text-anchor", "end")
      .attr("x", tenth(right))
      .attr("y", height - 3)
      .text(axis);
    const points = (s: LogSeries) =>
      Array.from(s.xs, (v, i): [number, number] => [tenth(x(v)), tenth(y(Math.max(low, s.values[i]!)))]);
    paths
      .selectAll<SVGPathElement, LogSeries>("path")
      .data(series)
      .join("path")
      .attr("class", (s) => s.kind ?? null)
      .attr("stroke-dasharray", (s) => (s.dashed ? "5 4" : null))
      .attr("d", (s) => line()(points(s)));
    const whisker = (s: LogSeries) =>
      Array.from(s.errors ?? [], (e, i) => {
        const v = s.values[i]!;
        return `M${tenth(x(s.xs[i]!))} ${tenth(y(Math.max(low, v - e)))}V${tenth(y(v + e))}`;
      }).join("");
    bars.attr("d", series.map(whisker).join(""));
    const ends = spread(
      series.map((s) => y(Math.max(low, s.values[s.values.length - 1] ?? low))),
      17,
      margin.top,
      bottom
    );
    labels
      .selectAll<SVGTextElement, LogSeries>("text")
      .data(series)
      .join("text")
      .attr("class", (s) => s.kind ?? null)
      .attr("dy", "0.35em")
      .attr("x", tenth(right + 8))
      .attr("y", (_, i) => tenth(ends[i]!))
      .text((s) => s.name);
    rule
      .attr("display", at === null ? "none" : null)
      .attr("x1", at === null ? 0 : tenth(x(at)))
      .attr("x2", at === null ? 0 : tenth(x(at)))
      .attr("y1", margin.top)
      .attr("y2", bottom);
    svg.attr("aria-label", `${title}: ${series.map(spoken).join("; ")}`);
  });
  return Object.assign(node, {
    update(next: LogCurveData) {
      shown = next;
      redraw();
    }
  });
}

function spoken({name, xs, values}: LogSeries): string {
  const last = values.length - 1;
  if (last < 0) return `${name}, nothing yet`;
  const end = (i: number) => `${formatNumber(values[i]!)} at ${formatNumber(xs[i]!)}`;
  return `${name} from ${end(0)} to ${end(last)}`;
}
