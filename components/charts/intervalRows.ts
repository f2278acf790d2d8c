// Shares in per cent with their intervals, a row each; several marks of a row are told apart by name and form.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {tenth} from "./plotting.js";

export interface IntervalMark {
  /** Before the mark, e.g. "stored"; may be empty. */
  readonly name: string;
  /** Per cent; null where nothing has been counted. */
  readonly share: {readonly percent: number; readonly low: number; readonly high: number} | null;
  /** What stands at the end instead of the share, e.g. "3 of 4". */
  readonly note?: string;
  /** A class that gives the colour. */
  readonly kind?: string;
  /** Drawn as a diamond rather than a circle. */
  readonly own?: boolean;
}

export interface IntervalRow {
  readonly label: string;
  readonly marks: readonly IntervalMark[];
}

export type IntervalRows = Chart<readonly IntervalRow[]>;

const line = 20;
const head = 18;
const gap = 10;

export function intervalRows(data: readonly IntervalRow[], {title}: {title: string}): IntervalRows {
  const svg = create("svg:svg").attr("class", "interval-rows").attr("role", "img");
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const axis = svg.append("g").attr("class", "frame");
  const body = svg.append("g");
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;

  const redraw = drawAtWidth(node, 460, (width) => {
    const marks = shown.flatMap((row) => row.marks);
    const left = 12 + 7.2 * Math.max(0, ...marks.map(({name}) => name.length));
    const right = width - 14 - 7.2 * Math.max(4, ...marks.map((mark) => written(mark).length));
    const x = scaleLinear([0, 100], [left, right]);
    const tops: number[] = [];
    let height = 28;
    for (const row of shown) {
      tops.push(height);
      height += head + line * row.marks.length + gap;
    }
    svg
      .attr("viewBox", `0 0 ${width} ${height + 16}`)
      .attr("width", width)
      .attr("height", height + 16);
    axis
      .selectAll<SVGGElement, number>("g")
      .data([0, 50, 100])
      .join((enter) => {
        const tick = enter.append("g");
        tick.append("line");
        tick.append("text").attr("text-anchor", "middle");
        return tick;
      })
      .attr("transform", (t) => `translate(${tenth(x(t))} 0)`)
      .each(function (t) {
        const [rule, text] = this.children;
        rule!.setAttribute("y1", "24");
        rule!.setAttribute("y2", String(height));
        text!.setAttribute("y", String(height + 14));
        text!.textContent = t === 50 ? "50 %" : String(t);
      });
    body.selectAll("*").remove();
    shown.forEach((row, i) => {
      const group = body.append("g").attr("transform", `translate(0 ${tops[i]!})`);
      group.append("text").attr("class", "label").attr("y", 12).text(row.label);
      row.marks.forEach((mark, j) => {
        const own = group
          .append("g")
          .attr("class", `mark${mark.kind === undefined ? "" : ` ${mark.kind}`}`)
          .attr("transform", `translate(0 ${head + line * j + line / 2})`);
        own.append("text").attr("class", "name").attr("dy", "0.35em").text(mark.name);
        own
          .append("text")
          .attr("class", "value")
          .attr("dy", "0.35em")
          .attr("x", tenth(right + 12))
          .text(written(mark));
        if (mark.share === null) return;
        const {percent, low, high} = mark.share;
        const [a, b, at] = [low, high, percent].map((value) => tenth(x(value))) as [number, number, number];
        own.append("path").attr("class", "spread").attr("d", `M${a} -4v8M${a} 0H${b}M${b} -4v8`);
        own
          .append("path")
          .attr("class", mark.own ? "spot own" : "spot")
          .attr("d", mark.own ? `M${at - 6} 0l6 -6l6 6l-6 6z` : `M${at - 5} 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0`);
      });
    });
    const said = shown.map(({label, marks: own}) => {
      const words = own.map((mark) => `${mark.name === "" ? "" : `${mark.name} `}${written(mark)}`);
      return `${label}: ${words.join(", ")}`;
    });
    svg.attr("aria-label", `${title}. ${said.join("; ")}`);
  });
  return Object.assign(node, {
    update(next: readonly IntervalRow[]) {
      shown = next;
      redraw();
    }
  });
}

/** "72 % (68–76)". */
function written({share, note}: IntervalMark): string {
  if (note !== undefined) return note;
  if (share === null) return "–";
  const [percent, low, high] = [share.percent, share.low, share.high].map((value) => value.toFixed(0));
  return `${percent} % (${low}–${high})`;
}
