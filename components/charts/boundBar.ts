// A bar that fills up to a line: the bound, and the gap that is left to ln p(x). A second mark may say where another
// quantity stands, which may cross the line.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";

export interface BoundBarData {
  readonly bound: number;
  readonly gap: number;
  /** Where the bar may end at most. */
  readonly limit: number;
  /** Of something else, e.g. the weighted objective. */
  readonly mark?: {readonly value: number; readonly label: string} | null;
}

export interface BoundBarOptions {
  readonly unit: string;
  readonly boundName?: string;
  readonly limitName?: string;
  /** The axis holds at least so much below the limit. */
  readonly room?: number;
}

const height = 106;
const bar = {top: 40, bottom: 70};

export function boundBar(data: BoundBarData, options: BoundBarOptions): Chart<BoundBarData> {
  const {unit, boundName = "ELBO", limitName = "ln p(x)", room = 5} = options;
  const svg = create("svg:svg").attr("class", "bound-bar").attr("role", "img").attr("height", height);
  const axis = svg.append("g").attr("class", "frame");
  const filled = svg
    .append("rect")
    .attr("class", "bound")
    .attr("y", bar.top)
    .attr("height", bar.bottom - bar.top);
  const open = svg
    .append("rect")
    .attr("class", "gap")
    .attr("y", bar.top)
    .attr("height", bar.bottom - bar.top);
  const limit = svg
    .append("line")
    .attr("class", "limit")
    .attr("y2", bar.bottom + 8);
  const mark = svg.append("path").attr("class", "mark");
  const markText = svg.append("text").attr("class", "mark-text").attr("y", 32);
  const limitText = svg.append("text").attr("class", "limit-text").attr("y", 14).attr("text-anchor", "end");
  const boundText = svg.append("text").attr("class", "bound-text").attr("dy", "0.35em");
  const gapText = svg.append("text").attr("class", "gap-text").attr("y", 14);
  boundText.attr("y", (bar.top + bar.bottom) / 2);
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;

  const redraw = drawAtWidth(node, 340, (width) => {
    const {bound, limit: most, mark: other} = shown;
    const gap = shown.gap < 1e-6 ? 0 : shown.gap; // what is left of a sum's rounding
    const low = Math.min(bound, most - room, other?.value ?? Infinity) - 0.1 * room;
    const high = Math.max(most + 0.3 * room, (other?.value ?? -Infinity) + 0.1 * room);
    const x = scaleLinear([low, high], [0, width]);
    const at = (value: number) => Math.round(x(value) * 10) / 10;
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    filled.attr("x", 0).attr("width", Math.max(0, at(bound)));
    open.attr("x", at(bound)).attr("width", Math.max(0, at(most) - at(bound)));
    // The mark's words stand above the bar, where the line would go through them.
    limit
      .attr("x1", at(most))
      .attr("x2", at(most))
      .attr("y1", bar.top - (other == null ? 12 : 3));
    limitText.attr("x", width).text(`${limitName} = ${formatNumber(most)} ${unit}`);
    gapText.attr("x", 0).text(`gap ${formatNumber(gap)}`);
    const inside = at(bound) > 110;
    boundText
      .attr("x", inside ? at(bound) - 8 : at(bound) + 8)
      .attr("text-anchor", inside ? "end" : "start")
      .classed("inside", inside)
      .text(`${boundName} ${formatNumber(bound)}`);
    if (other == null) {
      mark.attr("d", null);
      markText.text("");
    } else {
      const place = at(other.value);
      const right = place < width / 2;
      mark.attr("d", `M${place} ${bar.top}l-6 -9h12z`).classed("over", other.value > most + 1e-9);
      markText
        .attr("x", place + (right ? 10 : -10))
        .attr("text-anchor", right ? "start" : "end")
        .text(`${other.label} ${formatNumber(other.value)}${other.value > most + 1e-9 ? ", above the line" : ""}`);
    }
    axis
      .selectAll<SVGGElement, number>("g")
      .data(x.ticks(Math.max(2, Math.floor(width / 90))))
      .join((enter) => {
        const tick = enter.append("g");
        tick
          .append("line")
          .attr("y1", bar.bottom)
          .attr("y2", bar.bottom + 6);
        tick
          .append("text")
          .attr("text-anchor", "middle")
          .attr("y", bar.bottom + 24);
        return tick;
      })
      .attr("transform", (t) => `translate(${at(t)} 0)`)
      .each(function (t) {
        const place = x(t);
        this.children[1]!.textContent = place < 20 || place > width - 20 ? "" : formatNumber(t);
      });
    const extra = other == null ? "" : `, ${other.label} ${formatNumber(other.value)}`;
    svg.attr(
      "aria-label",
      `${boundName} ${formatNumber(bound)} plus gap ${formatNumber(gap)} is ${limitName} ${formatNumber(most)} ${unit}${extra}`
    );
  });
  return Object.assign(node, {
    update(next: BoundBarData) {
      shown = next;
      redraw();
    }
  });
}
