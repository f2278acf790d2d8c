// The bound with one real z: prior, posterior and the Gaussian guess q, whose hill the reader drags.

import {boundBar} from "../../charts/boundBar.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {densityPlot} from "../../charts/densityPlot.js";
import {element} from "../../charts/dom.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {figure} from "../figure.js";
import {symbol} from "../symbol.js";
import {
  type LineGuess,
  type LineModel,
  lineBound,
  lineStep,
  logEvidence,
  normalDensity,
  posteriorDensity,
  zGrid
} from "./line.js";
import {termsLine} from "./termsLine.js";

const shownZ = zGrid.filter((z, i) => Math.abs(z) <= 4 && i % 10 === 0);

export function lineFigure(): HTMLElement {
  const settings = pageSettings({
    x: numberSetting(1.2, {min: -2, max: 4}),
    bend: numberSetting(0, {min: 0, max: 1}),
    noise: numberSetting(0.5, {min: 0.15, max: 2}),
    m: numberSetting(-1, {min: -3, max: 3}),
    sd: numberSetting(0.7, {min: 0.05, max: 3})
  });
  const {values} = settings;
  const x = slider({symbol: "x", symbolName: "x", label: "what is seen", min: -2, max: 4, step: 0.05, value: values.x});
  const bend = slider({
    label: "how f bends",
    min: 0,
    max: 1,
    step: 0.01,
    value: values.bend,
    ticks: [
      {value: 0, label: "straight"},
      {value: 1, label: "parabola"}
    ]
  });
  const noise = slider({label: "noise s of p(x | z)", min: 0.15, max: 2, scale: "log", value: values.noise});
  const mean = slider({symbol: "μ", label: "of q", min: -3, max: 3, step: 0.01, value: values.m});
  const sd = slider({symbol: "σ", label: "of q", min: 0.05, max: 3, scale: "log", value: values.sd});
  const plot = densityPlot({densities: []}, {title: "densities of z", domain: [-4, 4], most: 2.2, handleName: "q"});
  const total = boundBar({bound: 0, gap: 0, limit: 0}, {unit: "nats", room: 4});
  const terms = element("p", {class: "chart-note terms", role: "status"});
  const fit = button("Fit q", {kind: "primary", hint: "Gradient steps in μ and ln σ until the bound stands still"});
  const step = button("Gradient step");
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const node = figure(
    {kind: "line-figure", label: "The bound with one real number"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "figure-columns"}, plot, element("div", {}, total, terms)),
      element("div", {class: "figure-columns"}, mean, sd, x, noise, bend),
      element("div", {class: "control-bar"}, fit, step),
      told
    ),
    element(
      "figcaption",
      {},
      "p(z) is a standard normal, and ",
      symbol("x"),
      " = f(",
      symbol("z"),
      ") + noise. Drag the hill of ",
      symbol("guess"),
      ": sideways its mean, up and down its width. Very narrow hills are cut off at the top."
    )
  );
  let evidence: {key: string; logPx: number} | null = null;

  function model(): LineModel {
    return {x: x.value, bend: bend.value, noise: noise.value};
  }
  function guess(): LineGuess {
    return {mean: mean.value, sd: sd.value};
  }
  function show(): void {
    const [now, q] = [model(), guess()];
    const key = JSON.stringify(now);
    if (evidence?.key !== key) evidence = {key, logPx: logEvidence(now)};
    const {logPx} = evidence;
    const {elbo, gap, reconstruction, kl} = lineBound(now, q, logPx);
    plot.update({
      densities: [
        {name: "p(z)", x: shownZ, y: shownZ.map((z) => normalDensity(z, {mean: 0, sd: 1})), dashed: true},
        {name: "p(z | x)", x: shownZ, y: shownZ.map((z) => posteriorDensity(z, now, logPx)), kind: "means-decoder"},
        {name: "q", x: shownZ, y: shownZ.map((z) => normalDensity(z, q)), kind: "means-encoder"}
      ],
      handle: {x: q.mean, y: normalDensity(q.mean, q)}
    });
    total.update({bound: elbo, gap, limit: logPx});
    terms.replaceChildren(...termsLine({elbo, reconstruction, kl}));
  }
  function take({mean: m, sd: s}: LineGuess): void {
    mean.value = Math.max(-3, Math.min(3, m));
    sd.value = Math.max(0.05, Math.min(3, s));
    changed();
  }
  function changed(): void {
    show();
    settings.set({x: x.value, bend: bend.value, noise: noise.value, m: mean.value, sd: sd.value});
  }
  plot.addEventListener("input", (event) => {
    event.stopPropagation();
    if (plot.dragged === null) return;
    const {x: m, y: height} = plot.dragged;
    take({mean: m, sd: 0.3989 / Math.max(0.1, height)});
  });
  for (const control of [x, bend, noise, mean, sd]) control.addEventListener("input", changed);
  step.addEventListener("click", () => take(lineStep(model(), guess())));
  fit.addEventListener("click", () => {
    let q = guess();
    for (let i = 0; i < 500; ++i) q = lineStep(model(), q);
    take({mean: Number(q.mean.toPrecision(6)), sd: Number(q.sd.toPrecision(6))});
  });
  show();
  return node;
}
