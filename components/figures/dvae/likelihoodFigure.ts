// How a sub-pixel may be spread: the logit-Laplace stays between 0 and 1, a Gaussian of the same spread does not.

import {slider} from "../../charts/controls/slider.js";
import {densityPlot} from "../../charts/densityPlot.js";
import {element} from "../../charts/dom.js";
import {formatNumber, formatPercent} from "../../charts/format.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {figure} from "../figure.js";
import {type Predict, predict} from "../predict.js";
import {
  logit,
  logitLaplaceDensity,
  logitLaplaceNats,
  mapped,
  massOutside,
  momentsOf,
  normalNats,
  sigmoid
} from "./likelihood.js";

const inside = Array.from({length: 401}, (_, i) => sigmoid(-9 + (18 * i) / 400));
const line = Array.from({length: 321}, (_, i) => -0.4 + (1.8 * i) / 320);

export function likelihoodFigure(): HTMLElement {
  const settings = pageSettings({
    mu: numberSetting(1.2, {min: -4, max: 4}),
    b: numberSetting(0.5, {min: 0.02, max: 3}),
    pixel: numberSetting(255, {min: 0, max: 255, integer: true})
  });
  const {values} = settings;
  const mu = slider({
    symbol: "μ",
    symbolName: "mu",
    label: "location",
    min: -4,
    max: 4,
    step: 0.01,
    value: values.mu,
    ticks: [-4, 0, 4]
  });
  const b = slider({
    symbol: "b",
    symbolName: "scale",
    label: "scale",
    min: 0.02,
    max: 3,
    scale: "log",
    value: values.b,
    ticks: [0.02, 0.1, 1, 3]
  });
  const pixel = slider({
    symbol: "x",
    symbolName: "x",
    label: "the pixel",
    min: 0,
    max: 255,
    step: 1,
    value: values.pixel,
    ticks: [
      {value: 0, label: "black"},
      {value: 255, label: "white"}
    ],
    format: (value) => `${value}, mapped to ${formatNumber(mapped(value / 255))}`
  });
  const plot = densityPlot(
    {densities: []},
    {title: "density of a mapped sub-pixel", domain: [-0.4, 1.4], most: 8, height: 260, handleName: "the density"}
  );
  const found = element("p", {class: "chart-note", role: "status"});
  const costs = element("p", {class: "chart-note"});
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const node = figure(
    {kind: "likelihood-figure", label: "The logit-Laplace density"},
    element(
      "div",
      {class: "figure-body"},
      plot,
      element("div", {}, found, costs),
      element("div", {class: "figure-columns"}, mu, b, pixel),
      told
    ),
    element(
      "figcaption",
      {},
      "Drag the point: sideways μ, up and down b. The Gaussian has the same mean and the same standard deviation; the part of it that lies outside [0, 1] is filled. Densities are cut off at 8."
    )
  );

  function show(): void {
    const density = {mu: mu.value, b: b.value};
    const {mean, sd} = momentsOf(density);
    const width = Math.max(sd, 1e-4);
    const target = mapped(pixel.value / 255);
    plot.update({
      densities: [
        {
          name: "logit-Laplace",
          x: inside,
          y: inside.map((u) => logitLaplaceDensity(u, density)),
          kind: "means-decoder"
        },
        {
          name: "Gaussian",
          x: line,
          y: line.map((u) => Math.exp(-normalNats(u, mean, width))),
          dashed: true,
          filled: (u) => u < 0 || u > 1
        }
      ],
      handle: {x: sigmoid(density.mu), y: logitLaplaceDensity(sigmoid(density.mu), density)},
      rules: [
        {x: 0, name: "0"},
        {x: target, name: "pixel"},
        {x: 1, name: "1"}
      ]
    });
    const leak = massOutside(mean, width);
    found.textContent = `The Gaussian has ${formatPercent(leak)} of its mass outside, the logit-Laplace none. Median of the logit-Laplace, which is what is shown as the picture: ${formatNumber(sigmoid(density.mu))}.`;
    const cost = logitLaplaceNats(target, density);
    costs.textContent = `This pixel costs ${formatNumber(cost)} nats under the logit-Laplace, ${formatNumber(normalNats(target, mean, width))} under the Gaussian. ${cost < 0 ? "A density may be above 1, so a cost may be negative." : ""}`;
  }
  function change(): void {
    show();
    settings.set({mu: mu.value, b: b.value, pixel: pixel.value});
  }
  plot.addEventListener("input", (event) => {
    event.stopPropagation();
    if (plot.dragged === null) return;
    const u = Math.min(sigmoid(4), Math.max(sigmoid(-4), plot.dragged.x));
    mu.value = Number(logit(u).toFixed(2));
    b.value = Number(
      Math.min(3, Math.max(0.02, 1 / (2 * Math.max(0.05, plot.dragged.y) * u * (1 - u)))).toPrecision(3)
    );
    change();
  });
  for (const control of [mu, b, pixel]) control.addEventListener("input", change);
  show();
  return node;
}

/** How much of a Gaussian on white lies beyond white? */
export function predictLeak(): Predict {
  const sd = 0.1;
  const answers = [0.01, 0.05, 0.15, 0.5];
  return predict({
    question:
      "White is 0.9 after the map. How much of a Gaussian around it, with standard deviation 0.1, lies outside [0, 1]?",
    answers: answers.map((share) => `about ${formatPercent(share)}`),
    look() {
      const leak = massOutside(mapped(1), sd);
      const distances = answers.map((share) => Math.abs(Math.log(share / leak)));
      return {
        right: distances.indexOf(Math.min(...distances)),
        found: `${formatPercent(leak)}. Without the map, around 1 itself, it would be ${formatPercent(massOutside(1, sd))}.`
      };
    }
  });
}
