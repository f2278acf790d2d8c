// Counted shares beside what they should be, with the error of counting.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {formatPercent} from "./format.js";
import {tenth} from "./plotting.js";

export interface ShareBarsData {
  readonly shares: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
  /** One standard error of each share. */
  readonly errors: ArrayLike<number>;
}

const margin = {top: 12, bottom: 24, left: 46};

export function shareBars(
  data: ShareBarsData,
  {label, height = 240}: {label: string; height?: number}
): Chart<ShareBarsData> {
  const svg = create("svg:svg").attr("class", "share-bars").attr("role", "img").attr("height", height);
  const frame = svg.append("g").attr("class", "frame");
  const bars = svg.append("path").attr("class", "bars");
  const lines = svg.append("path").attr("class", "expected");
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;
  const redraw = drawAtWidth(node, 560, (width) => {
    const {shares, expected, errors} = shown;
    const count = shares.length;
    const most = Math.max(0.05, ...Array.from(shares), ...Array.from(expected));
    const x = scaleLinear([0, Math.max(1, count)], [margin.left, width]);
    const y = scaleLinear([0, most * 1.05], [height - margin.bottom, margin.top]);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    frame.selectAll("*").remove();
    for (const t of y.ticks(4)) {
      const tick = frame
        .append("g")
        .attr("class", "y")
        .attr("transform", `translate(0 ${tenth(y(t))})`);
      tick.append("line").attr("x1", margin.left).attr("x2", width);
      tick
        .append("text")
        .attr("text-anchor", "end")
        .attr("dy", "0.35em")
        .attr("x", margin.left - 6)
        .text(formatPercent(t));
    }
    const every = Math.ceil((count * 26) / Math.max(1, width - margin.left));
    for (let k = 0; k < count; k += every) {
      frame
        .append("text")
        .attr("class", "x")
        .attr("text-anchor", "middle")
        .attr("x", tenth(x(k + 0.5)))
        .attr("y", height - 6)
        .text(String(k + 1));
    }
    const gap = 2;
    const box = (k: number) => {
      const [left, right] = [tenth(x(k) + gap), tenth(x(k + 1) - gap)];
      return `M${left} ${tenth(y(0))}V${tenth(y(shares[k]!))}H${right}V${tenth(y(0))}Z`;
    };
    const band = (k: number) => {
      const [p, e] = [expected[k]!, 2 * errors[k]!];
      const middle = tenth(x(k + 0.5));
      const across = `M${tenth(x(k) + gap)} ${tenth(y(p))}H${tenth(x(k + 1) - gap)}`;
      return `${across}M${middle} ${tenth(y(Math.max(0, p - e)))}V${tenth(y(p + e))}`;
    };
    const all = Array.from({length: count}, (_, k) => k);
    bars.attr("d", all.map(box).join(""));
    lines.attr("d", all.map(band).join(""));
    const said = all
      .slice(0, 8)
      .map((k) => `code ${k + 1} ${formatPercent(shares[k]!)} against ${formatPercent(expected[k]!)}`);
    svg.attr("aria-label", `${label}: ${said.join(", ")}${count > 8 ? ", …" : ""}`);
  });
  return Object.assign(node, {
    update(next: ShareBarsData) {
      shown = next;
      redraw();
    }
  });
}
