// A few vectors, one to a row, a stripe for each channel: one colour above nought, another below, stronger for larger.

import {create} from "d3-selection";
import type {Chart} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";

export interface VectorRow {
  readonly name: string;
  readonly values: readonly number[];
}

export function vectorRows(data: readonly VectorRow[]): Chart<readonly VectorRow[]> {
  const list = element("div", {class: "vectors"});
  const note = element("p", {class: "chart-note"});
  const node = element("div", {class: "vector-rows"}, list, note);
  function update(rows: readonly VectorRow[]): void {
    const most = Math.max(1e-9, ...rows.flatMap(({values}) => values.map(Math.abs)));
    list.replaceChildren(
      ...rows.map(({name, values}) => {
        const svg = create("svg:svg")
          .attr("class", "vector")
          .attr("role", "img")
          .attr("aria-label", `${name}: length ${formatNumber(Math.hypot(...values))}`)
          .attr("viewBox", `0 0 ${values.length} 8`)
          .attr("preserveAspectRatio", "none");
        svg
          .selectAll("rect")
          .data(values)
          .join("rect")
          .attr("class", (value) => (value < 0 ? "below" : "above"))
          .attr("x", (_, i) => i)
          .attr("y", (value) => (value < 0 ? 4 : 4 - (4 * value) / most).toFixed(2))
          .attr("width", 0.9)
          .attr("height", (value) => ((4 * Math.abs(value)) / most).toFixed(2));
        return element("div", {class: "vector-row"}, element("span", {class: "name"}, name), svg.node());
      })
    );
    note.textContent = rows.length === 0 ? "" : `the tallest stripe is ${formatNumber(most)}`;
  }
  update(data);
  return Object.assign(node, {update});
}
