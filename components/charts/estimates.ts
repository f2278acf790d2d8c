// Estimates of one number by several methods: each draw a tick; of each method the mean, with its standard
// error, and the standard deviation.

import {scaleLinear, scaleSymlog} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";
import {tenth} from "./plotting.js";

export interface Estimate {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** A class that gives the colour. */
  readonly kind?: string;
}

export type Estimates = Chart<readonly Estimate[]>;

const row = 56;

/** symlog squeezes large values, so that methods of very different spread fit side by side. */
export function estimates(data: readonly Estimate[], {title}: {title: string}): Estimates {
  const svg = create("svg:svg").attr("class", "estimates").attr("role", "img");
  svg.append("text").attr("class", "label title").attr("y", 12).text(title);
  const axis = svg.append("g").attr("class", "frame");
  const rows = svg.append("g");
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;

  const redraw = drawAtWidth(node, 420, (width) => {
    const height = 34 + row * shown.length + 20;
    const reach = Math.max(1e-6, ...shown.flatMap(({values}) => Array.from(values, Math.abs)));
    const least = Math.min(reach, ...shown.map(({values}) => spreadOf(values).deviation || reach));
    const scale = least < reach / 8 ? scaleSymlog().constant(Math.max(1e-9, least)) : scaleLinear();
    const x = scale.domain([-reach, reach]).range([8, width - 8]);
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
    axis
      .selectAll<SVGGElement, number>("g")
      .data([-reach, 0, reach])
      .join((enter) => {
        const tick = enter.append("g");
        tick.append("line");
        tick.append("text");
        return tick;
      })
      .attr("transform", (t) => `translate(${tenth(x(t))} 0)`)
      .each(function (t) {
        const [tick, text] = this.children;
        tick!.setAttribute("y1", "24");
        tick!.setAttribute("y2", String(height - 18));
        text!.setAttribute("y", String(height - 3));
        text!.setAttribute("text-anchor", t < 0 ? "start" : t > 0 ? "end" : "middle");
        text!.textContent = formatNumber(t);
      });
    rows
      .selectAll<SVGGElement, Estimate>("g")
      .data(shown)
      .join((enter) => {
        const group = enter.append("g");
        group.append("path").attr("class", "ticks");
        group.append("path").attr("class", "spread");
        group.append("text").attr("x", 0).attr("y", 12).attr("class", "value");
        return group;
      })
      .attr("class", ({kind}) => kind ?? null)
      .attr("transform", (_, i) => `translate(0 ${26 + i * row})`)
      .each(function ({name, values}) {
        const [ticks, spread, text] = this.children;
        const {mean, deviation} = spreadOf(values);
        const shownTicks = Array.from(values).slice(0, 400);
        ticks!.setAttribute("d", shownTicks.map((v) => `M${tenth(x(v))} 20v12`).join(""));
        const [a, b] = [tenth(x(mean - deviation)), tenth(x(mean + deviation))];
        spread!.setAttribute("d", `M${a} 34v8M${a} 38H${b}M${b} 34v8M${tenth(x(mean))} 32v12`);
        const known = deviation / Math.sqrt(Math.max(1, values.length));
        text!.textContent = `${name}: ${formatNumber(mean)} ± ${formatNumber(known)}, spread ${formatNumber(deviation)}`;
      });
    const words = shown.map(({name, values}) => {
      const {mean, deviation} = spreadOf(values);
      return `${name}: mean ${formatNumber(mean)}, standard deviation ${formatNumber(deviation)}`;
    });
    svg.attr("aria-label", `${title}. ${words.join("; ")}`);
  });
  return Object.assign(node, {
    update(next: readonly Estimate[]) {
      shown = next;
      redraw();
    }
  });
}

/** Mean and standard deviation (of the draws, over n). */
export function spreadOf(values: ArrayLike<number>): {mean: number; deviation: number} {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / Math.max(1, all.length);
  const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, all.length);
  return {mean, deviation: Math.sqrt(variance)};
}
