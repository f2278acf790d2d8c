// z = μ + σ ε by hand, beside the formula of the study notes, and what the decoder makes of either.

import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {spreadOf} from "../../charts/estimates.js";
import {formatNumber} from "../../charts/format.js";
import {type Lines, lines} from "../../charts/lines.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {sampleLine} from "../../charts/sampleLine.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {type LiveModel, latestOnly} from "../autoencoder/liveModel.js";
import {heldCount, nameOfScene} from "../autoencoder/parts.js";
import {short} from "../autoencoder/planeFigure.js";
import {figure} from "../figure.js";
import {type Predict, predict} from "../predict.js";
import {nearScreen} from "../redraw.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {histogram, normals, rightFormula, wrongFormula} from "./draws.js";

const reach = 4;
const draws = normals(4000);
type Formula = typeof rightFormula;

export function sampleFigure(model: LiveModel): HTMLElement {
  const settings = pageSettings({
    scene: numberSetting(1, {min: 1, max: heldCount, integer: true}),
    mu: numberSetting(Number.NaN, {min: -3, max: 3}),
    sigma: numberSetting(Number.NaN, {min: 0.01, max: 3}),
    eps: numberSetting(-1, {min: -3, max: 3})
  });
  const {node: told, tell, fail} = teller();
  const given = settings.values;
  const scene = slider({
    label: "scene",
    min: 1,
    max: heldCount,
    step: 1,
    value: given.scene,
    format: (i) => nameOfScene("topLeft", i - 1)
  });
  const mu = slider({
    symbol: "μ",
    symbolName: "muPhi",
    label: "mean of z₁",
    min: -3,
    max: 3,
    step: 0.05,
    value: given.mu || 0
  });
  const sigma = slider({
    symbol: "σ",
    symbolName: "sigmaPhi",
    label: "standard deviation of z₁",
    min: 0.01,
    max: 3,
    scale: "log",
    value: given.sigma || 1
  });
  const eps = slider({
    symbol: "ε",
    symbolName: "epsilon",
    label: "the draw",
    min: -3,
    max: 3,
    step: 0.05,
    value: given.eps
  });
  const line = sampleLine(parts(), {label: "One latent as a sum", reach});
  const sides = [side("z = μ + σ · ε", rightFormula), side("the notes: z = ε · μ + σ", wrongFormula)];
  /** μ of the scene's other latent, which stays. */
  let other = 0;
  /** The address gives μ and σ: at first they stay as they are. */
  let keeps = !Number.isNaN(given.mu) || !Number.isNaN(given.sigma);

  function parts() {
    return {mu: mu.value, sigma: sigma.value, epsilon: eps.value};
  }
  const look = latestOnly(async () => {
    line.update(parts());
    for (const one of sides) await one.draw();
  }, fail);
  const take = latestOnly(async () => {
    const codes = await model.ask("codes");
    const i = scene.value - 1;
    const own = {mu: codes.mu!.data[2 * i]!, sigma: codes.sigma!.data[2 * i]!};
    other = codes.mu!.data[2 * i + 1]!;
    if (keeps) keeps = false;
    else {
      mu.value = Math.min(3, Math.max(-3, Number(own.mu.toFixed(2))));
      sigma.value = Number(own.sigma.toPrecision(2));
    }
    look();
  }, fail);
  function side(title: string, formula: Formula) {
    const chart: Lines = lines({lines: []}, {title, across: "z₁", height: 170, ticks: [-4, -2, 0, 2, 4]});
    const picture = pixelImage({images: null, label: title});
    const note = element("p", {class: "chart-note"});
    const node = element("div", {class: "plane-side"}, chart, element("div", {class: "sample-picture"}, picture, note));
    async function draw(): Promise<void> {
      const z = formula(mu.value, sigma.value, eps.value);
      const all = Array.from(draws, (epsilon) => formula(mu.value, sigma.value, epsilon));
      const {mean, deviation} = spreadOf(all);
      const {x, y} = histogram(all, -reach, reach);
      chart.update({lines: [{name: "draws", x, y, kind: "means-codes"}], at: Math.min(reach, Math.max(-reach, z))});
      note.textContent = `This ε gives z₁ = ${formatNumber(z)}. Of 4,000 draws the mean is ${formatNumber(mean)}, the standard deviation ${formatNumber(deviation)}.`;
      const {images} = await model.ask("decode", {z: [z, other].map(short).join()});
      picture.update({images: images!, label: `The decoder’s picture of z₁ = ${formatNumber(z)}`});
    }
    return {node, draw};
  }
  scene.addEventListener("input", () => {
    settings.set({scene: scene.value, mu: Number.NaN, sigma: Number.NaN});
    take();
  });
  for (const control of [mu, sigma, eps]) {
    control.addEventListener("input", () => {
      settings.set({mu: mu.value, sigma: sigma.value, eps: eps.value});
      look();
    });
  }
  line.addEventListener("input", () => {
    const dragged = line.value;
    mu.value = within(dragged.mu, -3, 3);
    sigma.value = within(Number(dragged.sigma.toPrecision(2)), 0.01, 3);
    eps.value = within(dragged.epsilon, -3, 3);
    settings.set({mu: mu.value, sigma: sigma.value, eps: eps.value});
    look();
  });
  const node = figure(
    {kind: "sample-figure", label: "A sample as a sum"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "controls"}, scene, mu, sigma, eps),
      line,
      element("div", {class: "figure-columns"}, ...sides.map((one) => one.node)),
      told
    ),
    element(
      "figcaption",
      {},
      "Drag on the line, too: ",
      symbol("muPhi"),
      " by its dot, ",
      symbol("sigmaPhi"),
      " by the ends of its bar, the draw from above. Below, the upright is this one z₁; the curve, 4,000 draws of ε through the formula. The pictures are the decoder’s, with ",
      symbol("zVector"),
      "’s second number left at the scene’s mean. Choosing a scene sets μ and σ to what the encoder says of it."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(take);
  return node;
}

/** To hundredths. */
function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value * 100) / 100));
}

/** The notes' formula at μ = 0. */
export function predictWrong(): Predict {
  return predict({
    question: "By the notes’ formula, ε · μ + σ: a scene has μ = 0 and σ = 0.2. How far do the draws of z spread?",
    answers: ["by 0.2", "by 1", "not at all: they are all the same"],
    look() {
      const spread = (formula: Formula) => spreadOf(Array.from(draws, (epsilon) => formula(0, 0.2, epsilon)));
      const [wrong, right] = [spread(wrongFormula), spread(rightFormula)];
      const distances = [Math.abs(wrong.deviation - 0.2), Math.abs(wrong.deviation - 1), wrong.deviation];
      return {
        right: distances.indexOf(Math.min(...distances)),
        found: `4,000 draws: mean ${formatNumber(wrong.mean)}, standard deviation ${formatNumber(rounded(wrong.deviation))}. With μ + σ · ε: mean ${formatNumber(right.mean)}, standard deviation ${formatNumber(right.deviation)}.`
      };
    }
  });
}

/** Without what is only the arithmetic's rounding. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
