// One latent on a line: μ, one σ to either side, and the draw z = μ + σ ε. All three can be dragged.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {formatNumber} from "./format.js";
import {tenth} from "./plotting.js";

export interface SampleLineData {
  readonly mu: number;
  /** Positive. */
  readonly sigma: number;
  readonly epsilon: number;
}

export interface SampleLineOptions {
  readonly label: string;
  /** The line goes from −reach to reach. */
  readonly reach: number;
}

/** Emits "input" while one of the three is dragged; sliders beside it are the way without a pointer. */
export interface SampleLine extends Chart<SampleLineData> {
  /** As dragged: not rounded, and not kept within any bounds but σ > 0. */
  readonly value: SampleLineData;
}

type Part = "mu" | "sigma" | "epsilon";

const height = 116;
const axis = 66;
const above = 26;

export function sampleLine(data: SampleLineData, {label, reach}: SampleLineOptions): SampleLine {
  const svg = create("svg:svg").attr("class", "sample-line").attr("role", "img").attr("height", height);
  const rule = svg.append("path").attr("class", "axis-line");
  const ticks = svg.append("g").attr("class", "frame");
  const spread = svg.append("path").attr("class", "spread means-encoder");
  const way = svg.append("path").attr("class", "way");
  const mean = svg.append("circle").attr("class", "mean means-encoder").attr("r", 7);
  const drawn = svg.append("path").attr("class", "drawn means-codes");
  const name = (text: string, symbol: string, kind: string | null) =>
    svg.append("text").attr("class", kind).attr("data-symbol", symbol).attr("text-anchor", "middle").text(text);
  const names = {
    mu: name("μ", "muPhi", "means-encoder"),
    sigma: name("σ", "sigmaPhi", "means-encoder"),
    epsilon: name("σ · ε", "epsilon", null),
    z: name("z₁", "zVector", "means-codes")
  };
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;
  let held: Part | null = null;
  let x = scaleLinear([-reach, reach], [0, 1]);

  const redraw = drawAtWidth(node, 640, (width) => {
    x = scaleLinear([-reach, reach], [14, width - 14]).clamp(true);
    const {mu, sigma, epsilon} = shown;
    const z = mu + sigma * epsilon;
    const [low, middle, high, at] = [mu - sigma, mu, mu + sigma, z].map((value) => tenth(x(value)));
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    rule.attr("d", `M14 ${axis}H${width - 14}`);
    ticks
      .selectAll<SVGTextElement, number>("text")
      .data(Array.from({length: 2 * reach + 1}, (_, i) => i - reach))
      .join("text")
      .attr("x", (t) => tenth(x(t)))
      .attr("y", height - 4)
      .attr("text-anchor", "middle")
      .text(formatNumber);
    spread.attr("d", `M${low} ${axis - 9}v18M${low} ${axis}H${high}M${high} ${axis - 9}v18`);
    mean.attr("cx", middle!).attr("cy", axis);
    way.attr("d", `M${middle} ${axis - 8}V${above}H${at}`);
    drawn.attr("d", `M${at} ${axis - 2}l-8 -14h16ZM${at} ${axis - 16}V${above}`);
    names.mu.attr("x", middle!).attr("y", axis + 22);
    names.sigma.attr("x", high! + 10).attr("y", axis + 14);
    names.epsilon.attr("x", (middle! + at!) / 2).attr("y", above - 8);
    names.epsilon.attr("display", Math.abs(at! - middle!) < 60 ? "none" : null);
    names.z.attr("x", at! + (epsilon < 0 ? -13 : 13)).attr("y", above + 6);
    svg.attr(
      "aria-label",
      `${label}: μ = ${formatNumber(mu)}, σ = ${formatNumber(sigma)}, ε = ${formatNumber(epsilon)}, z₁ = ${formatNumber(z)}`
    );
  });
  /** z is held from above the line; on it, σ by its ends and μ by all between. */
  function partAt(across: number, down: number): Part {
    if (down < axis - 12) return "epsilon";
    const {mu, sigma} = shown;
    const toMean = Math.abs(across - x(mu));
    const toEnds = Math.min(...[mu - sigma, mu + sigma].map((end) => Math.abs(across - x(end))));
    return toMean <= 8 || toMean < toEnds ? "mu" : "sigma";
  }
  function drag(event: PointerEvent): void {
    const box = svg.node()!.getBoundingClientRect();
    const [across, down] = [event.clientX - box.left, event.clientY - box.top];
    held ??= partAt(across, down);
    const place = x.invert(across);
    const {mu, sigma} = shown;
    if (held === "mu") shown = {...shown, mu: place};
    else if (held === "sigma") shown = {...shown, sigma: Math.max(1e-3, Math.abs(place - mu))};
    else shown = {...shown, epsilon: (place - mu) / sigma};
    redraw();
    changed(node);
  }
  node.addEventListener("pointerdown", (event) => {
    node.setPointerCapture?.(event.pointerId);
    drag(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (held !== null) drag(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    node.addEventListener(end, () => {
      held = null;
    });
  }
  return extend(node, {
    update(next: SampleLineData) {
      shown = next;
      redraw();
    },
    get value() {
      return shown;
    }
  });
}
