// Histograms by powers of two, one row each, on the line of numbers that a format can hold.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element, uniqueId} from "./dom.js";
import {tenth} from "./plotting.js";

export interface RangeRow {
  readonly name: string;
  /** Where there is little room. */
  readonly shortName?: string;
  /** Bin i counts numbers with log₂ from first + i on. */
  readonly counts: ArrayLike<number>;
  readonly first: number;
  /** All numbers are multiplied by 2^shift. */
  readonly shift: number;
  /** Written at the row's end. */
  readonly note: string;
  readonly shortNote?: string;
  /** Marks the row, beside the note. */
  readonly mark?: "lost" | "overflow" | undefined;
}

export interface RangeRowsData {
  readonly rows: readonly RangeRow[];
  /** log₂ of where numbers become 0, subnormal, and ∞. */
  readonly edges: {readonly zero: number; readonly normal: number; readonly infinite: number};
}

export interface RangeRowsOptions {
  readonly title: string;
  /** log₂ at the ends of the line. */
  readonly domain: readonly [number, number];
}

type Fate = "zero" | "subnormal" | "normal" | "infinite";

const margin = {top: 58, bottom: 24, left: 88, right: 100};
const rowHeight = 24;
const marks = {lost: "✕ ", overflow: "▲ "};

export function rangeRows(data: RangeRowsData, {title, domain}: RangeRowsOptions): Chart<RangeRowsData> {
  const svg = create("svg:svg").attr("class", "range-rows").attr("role", "img");
  const hatch = uniqueId("hatch");
  const pattern = svg
    .append("defs")
    .append("pattern")
    .attr("id", hatch)
    .attr("width", 4)
    .attr("height", 4)
    .attr("patternUnits", "userSpaceOnUse")
    .attr("patternTransform", "rotate(45)");
  pattern.append("rect").attr("class", "stripe").attr("width", 2).attr("height", 4);
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const zones = svg.append("g").attr("class", "zones");
  const frame = svg.append("g").attr("class", "frame");
  const body = svg.append("g").attr("class", "rows");
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;

  const redraw = drawAtWidth(node, 640, (width) => {
    const {rows, edges} = shown;
    const height = margin.top + rows.length * rowHeight + margin.bottom;
    const narrow = width < 460;
    const left = narrow ? 56 : margin.left;
    const right = width - (narrow ? 66 : margin.right);
    const x = scaleLinear([...domain], [left, right]).clamp(true);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
    svg.attr("aria-label", `${title}: ${rows.map(({name, note}) => `${name} ${note}`).join("; ")}`);
    drawZones(x, edges, height, narrow);
    frame
      .selectAll<SVGTextElement, number>("text")
      .data(x.ticks(narrow ? 4 : 8))
      .join("text")
      .attr("text-anchor", "middle")
      .attr("y", height - 6)
      .attr("x", (t) => tenth(x(t)))
      .each(function (t) {
        this.replaceChildren("2");
        const power = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
        power.setAttribute("dy", "-5");
        power.setAttribute("font-size", "0.75em");
        power.textContent = String(t).replace("-", "−");
        this.append(power);
      });
    body
      .selectAll<SVGGElement, RangeRow>("g.row")
      .data([...rows])
      .join((enter) => {
        const row = enter.append("g").attr("class", "row");
        row.append("text").attr("class", "name").attr("text-anchor", "end").attr("dy", "0.32em");
        row.append("line");
        row.append("g").attr("class", "bars");
        row.append("text").attr("class", "note").attr("dy", "0.32em");
        return row;
      })
      .attr("class", ({mark}) => (mark === undefined ? "row" : `row ${mark}`))
      .attr("transform", (_, i) => `translate(0 ${margin.top + i * rowHeight})`)
      .each(function (row) {
        const [name, base, bars, note] = this.children as unknown as [Element, Element, SVGGElement, Element];
        name.textContent = narrow ? (row.shortName ?? row.name) : row.name;
        name.setAttribute("x", String(left - 8));
        name.setAttribute("y", String(rowHeight - 10));
        base.setAttribute("x1", String(left));
        base.setAttribute("x2", String(right));
        base.setAttribute("y1", String(rowHeight - 1.5));
        base.setAttribute("y2", String(rowHeight - 1.5));
        const words = narrow ? (row.shortNote ?? row.note) : row.note;
        note.textContent = `${row.mark === undefined ? "" : marks[row.mark]}${words}`;
        note.setAttribute("x", String(right + 8));
        note.setAttribute("y", String(rowHeight - 10));
        drawBars(bars, row, x, edges);
      });
  });

  function drawZones(
    x: (v: number) => number,
    {zero, normal, infinite}: RangeRowsData["edges"],
    height: number,
    narrow: boolean
  ) {
    const [from, to] = domain;
    const all: {fate: Fate; from: number; to: number; words: string; short: string}[] = [
      {fate: "zero", from, to: zero, words: "becomes 0", short: "0"},
      {fate: "subnormal", from: zero, to: normal, words: "subnormal", short: "sub."},
      {fate: "normal", from: normal, to: infinite, words: "in range", short: "in range"},
      {fate: "infinite", from: infinite, to, words: "overflows", short: "∞"}
    ];
    zones
      .selectAll<SVGGElement, (typeof all)[number]>("g")
      .data(all)
      .join((enter) => {
        const zone = enter.append("g");
        zone.append("rect");
        zone
          .append("text")
          .attr("text-anchor", "middle")
          .attr("y", margin.top - 22);
        return zone;
      })
      .attr("class", ({fate}) => fate)
      .each(function (zone) {
        const [rect, text] = this.children as unknown as [Element, Element];
        const [a, b] = [x(zone.from), Math.max(x(zone.from), x(zone.to))];
        rect.setAttribute("x", String(tenth(a)));
        rect.setAttribute("width", String(tenth(b - a)));
        rect.setAttribute("y", String(margin.top - 14));
        rect.setAttribute("height", String(height - margin.top - margin.bottom + 14));
        text.setAttribute("x", String(tenth((a + b) / 2)));
        const words = narrow || b - a < 7.4 * zone.words.length ? zone.short : zone.words;
        text.textContent = b - a < 7.4 * words.length ? "" : words;
      });
  }

  function drawBars(group: SVGGElement, row: RangeRow, x: (v: number) => number, edges: RangeRowsData["edges"]): void {
    const most = Math.max(1, ...Array.from(row.counts));
    const bins = Array.from(row.counts, (count, i) => ({count, from: row.first + i + row.shift}))
      .filter(({count, from}) => count > 0 && from >= domain[0] && from + 1 <= domain[1])
      .map((bin) => ({...bin, fate: fateOf(bin.from + 0.5, edges)}));
    const kept = new Map(Array.from(group.children, (child, i) => [i, child as SVGRectElement]));
    bins.forEach(({count, from, fate}, i) => {
      const bar = kept.get(i) ?? group.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
      kept.delete(i);
      const height = Math.max(1, (count / most) * (rowHeight - 5));
      bar.setAttribute("class", fate);
      bar.style.fill = fate === "infinite" ? `url(#${hatch})` : "";
      bar.setAttribute("x", String(tenth(x(from) + 0.5)));
      bar.setAttribute("width", String(Math.max(1, tenth(x(from + 1) - x(from) - 1))));
      bar.setAttribute("y", String(tenth(rowHeight - 2 - height)));
      bar.setAttribute("height", String(tenth(height)));
    });
    for (const old of kept.values()) old.remove();
  }

  return Object.assign(node, {
    update(next: RangeRowsData) {
      shown = next;
      redraw();
    }
  });
}

function fateOf(log: number, {zero, normal, infinite}: RangeRowsData["edges"]): Fate {
  return log < zero ? "zero" : log < normal ? "subnormal" : log < infinite ? "normal" : "infinite";
}
