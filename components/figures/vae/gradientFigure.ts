// The gradient for μ, estimated through the sample and without that way: the same mean, another spread.

import {seedField} from "../../charts/controls/seedField.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {estimates, spreadOf} from "../../charts/estimates.js";
import {formatNumber} from "../../charts/format.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ProbeResult} from "../../training/protocol.js";
import {type LiveModel, latestOnly} from "../autoencoder/liveModel.js";
import {heldCount, nameOfScene} from "../autoencoder/parts.js";
import {figure} from "../figure.js";
import {type Predict, predict} from "../predict.js";
import {nearScreen} from "../redraw.js";
import {teller} from "../teller.js";
import {scoreEstimates, throughEstimates} from "./gradientEstimates.js";

export function gradientFigure(model: LiveModel): HTMLElement {
  const settings = pageSettings({
    gscene: numberSetting(1, {min: 1, max: heldCount, integer: true}),
    n: numberSetting(128, {min: 8, max: 512, integer: true}),
    wider: numberSetting(1, {min: 0.1, max: 4}),
    // The 128 draws of seed 1 have a mean far off 0, which the plain estimate shows as no other.
    gseed: numberSetting(4, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {node: told, tell, fail} = teller();
  const scene = slider({
    label: "scene",
    min: 1,
    max: heldCount,
    step: 1,
    value: settings.values.gscene,
    format: (i) => nameOfScene("topLeft", i - 1)
  });
  const draws = slider({
    label: "draws of ε",
    min: 8,
    max: 512,
    scale: "log",
    step: 1,
    value: settings.values.n,
    ticks: [8, 64, 512],
    format: (n) => String(Math.round(n))
  });
  const wider = slider({
    symbol: "σ",
    symbolName: "sigmaPhi",
    label: "as a multiple of the encoder’s",
    min: 0.1,
    max: 4,
    scale: "log",
    value: settings.values.wider,
    ticks: [0.1, 1, 4],
    format: (times) => `${formatNumber(times)} ×`
  });
  const seed = seedField(settings.values.gseed, "draw");
  const chart = estimates([], {title: "gradient of −ln p(x | z) for μ₁: one tick a draw"});
  const look = latestOnly(async () => {
    settings.set({gscene: scene.value, n: Math.round(draws.value), wider: wider.value, gseed: seed.value});
    const found = await model.ask("gradients", {
      index: scene.value - 1,
      count: Math.round(draws.value),
      scale: wider.value,
      seed: seed.value
    });
    const {through, score, centred} = all(found);
    chart.update([
      {name: "through the sample", values: through, kind: "means-encoder"},
      {name: "without, less the mean", values: centred, kind: "means-codes"},
      {name: "without", values: score, kind: "means-decoder"}
    ]);
    const [a, b, c] = [through, centred, score].map((values) => spreadOf(values).deviation ** 2);
    tell(
      `Variance of one draw: ${formatNumber(a!)} through the sample, ${formatNumber(c!)} without, ${formatNumber(b!)} when the mean is taken off. For the same accuracy the last two need ${formatNumber(c! / a!)} and ${formatNumber(b! / a!)} times as many draws.`
    );
  }, fail);
  for (const control of [scene, draws, wider, seed]) control.addEventListener("input", look);
  const node = figure(
    {kind: "gradient-figure", label: "Two ways to a gradient"},
    element("div", {class: "figure-body"}, element("div", {class: "controls"}, scene, draws, wider, seed), chart, told),
    element(
      "figcaption",
      {},
      "The bar under the ticks is one standard deviation to either side of the mean. Its name is followed by the mean, by how well so many draws can know it, and by the spread. Where the spreads are far apart, the axis is squeezed towards its ends."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}

function all({nats, through, epsilon, sigma}: ProbeResult) {
  const latents = sigma!.data.length;
  const draws = {nats: nats!.data, through: through!.data, epsilon: epsilon!.data, sigma: sigma!.data, latents};
  return {
    through: throughEstimates(draws, 0),
    score: scoreEstimates(draws, 0, false),
    centred: scoreEstimates(draws, 0, true)
  };
}

/** Which way spreads less, over scenes? */
export function predictSpread(model: LiveModel): Predict {
  return predict({
    question:
      "Both ways estimate the same gradient. How much larger is the variance without reparameterisation, the mean not taken off?",
    answers: ["less than 10 times", "10 to 1,000 times", "more than 1,000 times"],
    async look() {
      const ratios: number[] = [];
      for (let index = 0; index < 8; ++index) {
        const {through, score} = all(await model.ask("gradients", {index, count: 128, seed: 1}));
        ratios.push((spreadOf(score).deviation / spreadOf(through).deviation) ** 2);
      }
      const middle = ratios.sort((a, b) => a - b)[4]!;
      return {
        right: middle < 10 ? 0 : middle <= 1000 ? 1 : 2,
        found: `${formatNumber(middle)} times, the middle of eight scenes; from ${formatNumber(ratios[0]!)} to ${formatNumber(ratios[7]!)}. That many more draws for the same accuracy.`
      };
    }
  });
}
