// β from 0 until nothing passes: which latents say something, and what it costs.

import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {collapsedBelow, latentBars} from "../../charts/latentBars.js";
import {lines} from "../../charts/lines.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ArrayPayload} from "../../training/protocol.js";
import {type LiveModel, latestOnly} from "../autoencoder/liveModel.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type Predict, predict} from "../predict.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import type {StoredCurve} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {betaOf, betaSetting, betaSlider, least, most, strengthOf} from "./strength.js";
import {termSeries} from "./terms.js";
import {perNat, scaled, type Unit, unitSelect} from "./unit.js";

const count = 7;
/** Strengths at which both terms are measured. */
const sweep = Array.from({length: 17}, (_, i) => least + (i * (most - least)) / 16);

export function collapseFigure(engine: FigureEngine, model: LiveModel, stored: StoredCurve): HTMLElement {
  const settings = pageSettings({
    cbeta: betaSetting(4),
    cunit: choiceSetting<Unit>("nats", ["nats", "bits"]),
    seed8: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {node: told, tell, fail} = teller();
  const beta = betaSlider(settings.values.cbeta);
  const unit = unitSelect(settings.values.cunit);
  const bars = latentBars({kl: []}, {most: 4});
  const strips = imageGrid({rows: rowsOf(null, null)}, {columns: count});
  const across = {
    across: "β",
    height: 170,
    ticks: [0, 1, 16, 256].map(strengthOf),
    formatX: (t: number) => String(Math.round(betaOf(t)))
  };
  const price = lines({lines: []}, {title: "KL: what the latents say", ...across});
  const picture = lines({lines: []}, {title: "−ln p(x | z), beyond a perfect picture", ...across});
  const curves = curve([], {title: "both terms over training, β = 1", log: true, height: 200});
  const words = element("p", {class: "chart-note"});
  const made = stage(engine, {
    title: element("span", {}, "Eight numbers, ", symbol("zVector"), ": which are worth their price?"),
    label: "Train the VAE with eight latents",
    settings: null,
    run: {...model.run, seed: settings.values.seed8, probes: [], goesOnHidden: () => false, onMessage: tell},
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log"}],
    body: [
      element("div", {class: "plane-side"}, element("div", {class: "controls"}, beta, unit), strips, words),
      bars,
      price,
      picture,
      curves
    ],
    draw(run) {
      curves.update(termSeries(run, stored, unit.value));
      if (run.status.step === 0 && run.status.state === "idle" && run.id !== null) settings.set({seed8: run.seed});
      model.reported();
    }
  });
  model.hold(made.run);
  let measured: {distortion: number; kl: number}[] = [];

  const look = latestOnly(async () => {
    settings.set({cbeta: beta.beta, cunit: unit.value});
    const strength = beta.strength;
    const found = await model.ask("terms", {strength});
    const kl = found.kl!.data;
    bars.update({kl, scale: perNat(unit.value), unit: unit.value});
    const total = sum(kl);
    words.textContent = `β = ${formatNumber(beta.beta)}: ${formatNumber(total * perNat(unit.value))} ${unit.value} pass, and the squared error is ${formatNumber(found.error!.data[0]!)}.`;
    const {inputs, outputs} = await model.ask("reconstructions", {count, strength});
    strips.update({rows: rowsOf(inputs!, outputs!)});
    showTerms();
  }, fail);
  const measure = latestOnly(async () => {
    const next: typeof measured = [];
    for (const strength of sweep) {
      const {distortion, kl} = await model.ask("terms", {strength});
      next.push({distortion: distortion!.data[0]!, kl: sum(kl!.data)});
    }
    measured = next;
    showTerms();
  }, fail);
  function showTerms(): void {
    const of = (name: "distortion" | "kl") =>
      scaled(
        measured.map((one) => one[name]),
        unit.value
      );
    const [x, at] = [sweep.slice(0, measured.length), beta.strength];
    price.update({lines: [{name: "KL", x, y: of("kl"), kind: "means-encoder", dashed: true}], at});
    picture.update({lines: [{name: "picture", x, y: of("distortion"), kind: "means-image"}], at});
  }
  beta.addEventListener("input", look);
  unit.addEventListener("input", () => {
    look();
    made.redraw();
  });
  const node = figure(
    {kind: "plane-figure collapse-figure", label: "The price of each latent"},
    made.node,
    told,
    element(
      "figcaption",
      {},
      "A bar is the ",
      symbol("kl"),
      ` of one latent, averaged over held-back scenes: how much it says. Below ${collapsedBelow} nats it counts as collapsed.`
    )
  );
  model.onChange(() => {
    look();
    measure();
  }, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(() => {
    look();
    measure();
  });
  return node;
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0);
}

function rowsOf(inputs: ArrayPayload | null, back: ArrayPayload | null) {
  return [
    {label: "scene", symbol: "x", images: inputs},
    {label: "back", symbol: "xHat", images: back}
  ];
}

/** How many latents say something at β = 64? */
export function predictCollapse(model: LiveModel): Predict {
  return predict({
    question: "At β = 64, how many of the eight latents still say anything?",
    answers: ["none", "1 or 2", "3 to 5", "6 to 8"],
    async look() {
      const alive = async (beta: number) => {
        const {kl} = await model.ask("terms", {strength: strengthOf(beta)});
        return Array.from(kl!.data).filter((nats) => nats >= collapsedBelow).length;
      };
      const [few, many] = [await alive(64), await alive(1)];
      return {
        right: [0, 2, 5, 8].findIndex((largest) => few <= largest),
        found: `${few}, and ${many} at β = 1. They do not all fade together: each latent goes when what it saves in the first term is less than what it costs in the second.`
      };
    }
  });
}
