// How often each code is used, sorted or by code; codes that are never used are marked and counted.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element, extend} from "./dom.js";
import {tenth} from "./plotting.js";

export interface UsageOptions {
  readonly height?: number;
}

/** Counts of the K codes; `order` decides whether the most used come first or code 0. */
export interface UsageBars extends Chart<ArrayLike<number>> {
  order: "sorted" | "code";
}

const margin = {top: 26, bottom: 22};

export function usageBars(data: ArrayLike<number>, {height = 200}: UsageOptions = {}): UsageBars {
  const svg = create("svg:svg").attr("class", "usage").attr("role", "img").attr("height", height);
  const title = svg.append("text").attr("class", "label title").attr("y", 12);
  const bars = svg.append("path").attr("class", "bars");
  const dead = svg.append("path").attr("class", "dead");
  const base = svg.append("line").attr("class", "base");
  const left = svg.append("text").attr("y", height - 4);
  const right = svg
    .append("text")
    .attr("y", height - 4)
    .attr("text-anchor", "end");
  const node = element("div", {class: "chart"}, svg.node());
  let counts = data;
  let order: "sorted" | "code" = "sorted";

  const redraw = drawAtWidth(node, 340, (width) => {
    const values = Array.from(counts);
    if (order === "sorted") values.sort((a, b) => b - a);
    const unused = values.filter((n) => n === 0).length;
    const floor = height - margin.bottom - 8;
    const x = scaleLinear([0, values.length], [0, width]);
    const y = scaleLinear([0, Math.max(1, ...values)], [floor, margin.top]);
    const gap = width / Math.max(1, values.length) > 3 ? 1 : 0;
    const box = (i: number, top: number, bottom: number) =>
      `M${tenth(x(i))} ${tenth(bottom)}V${tenth(top)}H${tenth(x(i + 1) - gap)}V${tenth(bottom)}Z`;
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    bars.attr("d", values.map((n, i) => (n > 0 ? box(i, y(n), floor) : "")).join(""));
    dead.attr("d", values.map((n, i) => (n === 0 ? box(i, floor + 3, floor + 7) : "")).join(""));
    base.attr("x2", width).attr("y1", floor).attr("y2", floor);
    const used = `${perplexity(values).toFixed(1)} of ${values.length} codes in use`;
    title.text(values.length === 0 ? "codes in use (perplexity)" : `${used} (perplexity)`);
    left.text(order === "sorted" ? "most used" : "code 0");
    right
      .attr("x", width)
      .text(values.length === 0 ? "not looked at yet" : unused === 0 ? "none dead" : `${unused} dead`);
    svg.attr("aria-label", `codebook usage: perplexity ${used}, ${unused} never used`);
  });
  return extend(node, {
    update(next: ArrayLike<number>) {
      counts = next;
      redraw();
    },
    get order() {
      return order;
    },
    set order(next: "sorted" | "code") {
      order = next;
      redraw();
    }
  });
}

/** exp of the entropy of the counts. */
export function perplexity(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; ++i) total += counts[i]!;
  if (total === 0) return 0;
  let nats = 0;
  for (let i = 0; i < counts.length; ++i) {
    const p = counts[i]! / total;
    if (p > 0) nats -= p * Math.log(p);
  }
  return Math.exp(nats);
}
