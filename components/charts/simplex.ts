// The mixtures of three codes as a triangle: a corner is one code alone, the middle all three alike.

import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {tenth} from "./plotting.js";

export interface SimplexData {
  /** Mixtures, three weights each. */
  readonly points: readonly ArrayLike<number>[];
  /** A mixture to mark: the probabilities themselves. */
  readonly centre: ArrayLike<number>;
}

export interface SimplexOptions {
  readonly names: readonly [string, string, string];
  readonly label: string;
}

const shapes = ["M-3 -3H3V3H-3Z", "M0 -4L4 3H-4Z", "M-3 0A3 3 0 1 0 3 0A3 3 0 1 0 -3 0Z"];

export function simplex(data: SimplexData, {names, label}: SimplexOptions): Chart<SimplexData> {
  const svg = create("svg:svg").attr("class", "simplex").attr("role", "img");
  const frame = svg.append("path").attr("class", "frame");
  const dots = svg.append("g").attr("class", "dots");
  const mark = svg.append("path").attr("class", "centre");
  const corners = names.map((name) =>
    svg.append("text").attr("class", "label").attr("text-anchor", "middle").text(name)
  );
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;
  const redraw = drawAtWidth(node, 400, (full) => {
    const width = Math.min(full, 460);
    const side = width - 60;
    const height = (side * Math.sqrt(3)) / 2;
    const corner: readonly [number, number][] = [
      [full / 2 - side / 2, height + 24],
      [full / 2 + side / 2, height + 24],
      [full / 2, 24]
    ];
    const place = (y: ArrayLike<number>) =>
      [0, 1].map((d) => tenth(corner.reduce((sum, c, k) => sum + y[k]! * c[d]!, 0))).join(" ");
    svg
      .attr("viewBox", `0 0 ${full} ${height + 50}`)
      .attr("width", full)
      .attr("height", height + 50);
    frame.attr("d", `M${corner.map(([x, y]) => `${tenth(x)} ${tenth(y)}`).join("L")}Z`);
    for (const [k, text] of corners.entries()) {
      text.attr("x", tenth(corner[k]![0])).attr("y", tenth(k === 2 ? 14 : height + 44));
    }
    const counts = [0, 0, 0];
    dots
      .selectAll<SVGPathElement, ArrayLike<number>>("path")
      .data(shown.points)
      .join("path")
      .attr("class", (y) => `corner-${largest(y)}`)
      .attr("d", (y) => shapes[largest(y)]!)
      .attr("transform", (y) => {
        counts[largest(y)]! += 1;
        return `translate(${place(y)})`;
      });
    mark.attr("transform", `translate(${place(shown.centre)})`).attr("d", "M-8 0H8M0 -8V8");
    const shares = counts.map((n, k) => `${names[k]} ${n}`);
    svg.attr("aria-label", `${label}: ${shown.points.length} draws, of which nearest to ${shares.join(", ")}`);
  });
  return Object.assign(node, {
    update(next: SimplexData) {
      shown = next;
      redraw();
    }
  });
}

function largest(y: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < y.length; ++k) if (y[k]! > y[best]!) best = k;
  return best;
}
