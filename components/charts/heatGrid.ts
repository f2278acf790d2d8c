// A number for each position of the token grid, as shades, with the least and the largest named.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth, type NumberArray} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";

export interface HeatGridOptions {
  readonly title: string;
  readonly unit: string;
  /** What stands there while nothing is known. */
  readonly empty?: string;
}

/** Shape [rows, columns]; null until known. */
export type HeatGrid = Chart<NumberArray | null>;

export function heatGrid(data: NumberArray | null, {title, unit, empty = "no steps yet"}: HeatGridOptions): HeatGrid {
  const svg = create("svg:svg").attr("class", "heat").attr("role", "img");
  const cells = svg.append("g");
  const note = element("p", {class: "chart-note"});
  const node = element("div", {class: "heat-grid"}, element("p", {class: "chart-title"}, title), svg.node(), note);
  let shown = data;

  const redraw = drawAtWidth(node, 200, () => {
    const [rows = 1, columns = 1] = shown?.shape ?? [1, 1];
    const values = shown === null ? [] : Array.from(shown.data);
    const low = Math.min(...values);
    const high = Math.max(...values);
    const strength = scaleLinear([Math.min(0, low), high > 0 ? high : 1], [0.04, 1]);
    svg.attr("viewBox", `0 0 ${columns * 10} ${rows * 10}`);
    cells
      .selectAll<SVGGElement, number>("g")
      .data(values)
      .join((enter) => {
        const cell = enter.append("g");
        cell.append("rect").attr("width", 10).attr("height", 10);
        cell.append("text").attr("x", 5).attr("y", 5).attr("text-anchor", "middle").attr("dy", "0.35em");
        return cell;
      })
      .attr("transform", (_, i) => `translate(${(i % columns) * 10} ${Math.floor(i / columns) * 10})`)
      .each(function (value) {
        const [rect, text] = this.children;
        rect!.setAttribute("fill-opacity", strength(value).toFixed(3));
        text!.textContent = columns <= 4 ? value.toFixed(1) : "";
        text!.setAttribute("class", strength(value) > 0.5 ? "on-dark" : "");
      });
    const [least, most] = [formatNumber(low), formatNumber(high)];
    const words = values.length === 0 ? empty : `${least === most ? "all" : `${least} to`} ${most} ${unit}`;
    note.textContent = words;
    svg.attr("aria-label", `${title}: ${words}`);
  });
  return Object.assign(node, {
    update(next: NumberArray | null) {
      shown = next;
      redraw();
    }
  });
}
