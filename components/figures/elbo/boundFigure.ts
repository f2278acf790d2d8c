// ELBO + gap = ln p(x), on a model that knows ln p(x): the reader drags q. With β, also what is no bound any more.

import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {numberSetting, pageSettings, type Setting} from "../../notebook/settings.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type Predict, predict} from "../predict.js";
import {nearScreen} from "../redraw.js";
import {bestUnderBeta, boundOf, normalised, posteriorOf} from "./bound.js";
import {codesPanel, type ImageCodes} from "./codesPanel.js";
import {codeCount, type ExactModel, exactModel, imageCount} from "./exactModel.js";
import {betaSlider} from "./mixtureSettings.js";

export interface BoundFigureOptions {
  readonly load: (engine: FigureEngine) => Promise<void>;
  /** Names of the settings in the address begin with this. */
  readonly prefix: string;
  /** With a slider for β. */
  readonly weighted?: boolean;
  readonly caption: string;
}

export function boundFigure(engine: FigureEngine, options: BoundFigureOptions): HTMLElement {
  const {load, prefix, weighted = false, caption} = options;
  const model = exactModel(engine, load);
  const settings = pageSettings({
    [`${prefix}image`]: numberSetting(1, {min: 1, max: imageCount, integer: true}),
    [`${prefix}q`]: guessSetting,
    ...(weighted ? {[`${prefix}beta`]: numberSetting(0.5, {min: 0, max: 4})} : {})
  });
  const which = slider({
    label: "image",
    min: 1,
    max: imageCount,
    step: 1,
    value: Number(settings.values[`${prefix}image`]),
    format: (i) => `${i} of ${imageCount}`
  });
  const beta = betaSlider(Number(settings.values[`${prefix}beta`] ?? 1));
  const panel = codesPanel();
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const node = figure(
    {kind: "bound-figure", label: weighted ? "The weighted objective" : "The bound and its gap"},
    element(
      "div",
      {class: "figure-body"},
      weighted ? element("div", {class: "figure-columns"}, beta) : null,
      panel,
      element("div", {class: "figure-columns"}, which),
      told
    ),
    element("figcaption", {}, caption)
  );
  let asked = 0;
  let first = true;

  async function look(): Promise<void> {
    const mine = ++asked;
    try {
      const codes = await model.image(which.value - 1);
      if (mine !== asked) return;
      panel.update(codes);
      // It begins far from the line; what the encoder says is a button away.
      if (!weighted && first && panel.q === null) panel.q = codes.encoder.map(() => 1 / codes.encoder.length);
      first = false;
      if (weighted && panel.q === null) panel.q = bestUnderBeta(codes, beta.value).q;
    } catch (error) {
      if (mine === asked) {
        told.textContent = sentence(error);
        told.classList.add("problem");
      }
    }
  }
  panel.q = readQ(String(settings.values[`${prefix}q`]));
  panel.beta = weighted ? beta.value : 1;
  panel.addEventListener("input", () => {
    settings.set({[`${prefix}q`]: writeQ(panel.q)});
  });
  which.addEventListener("input", () => {
    settings.set({[`${prefix}image`]: which.value});
    if (weighted) panel.q = null;
    void look();
  });
  beta.addEventListener("input", () => {
    panel.beta = beta.value;
    if (panel.codes !== null) panel.q = bestUnderBeta(panel.codes, beta.value).q;
    settings.set({[`${prefix}beta`]: beta.value, [`${prefix}q`]: ""});
  });
  void nearScreen(node).then(look);
  return node;
}

/** Which q gives the largest bound? Computed on the shipped model's first image. */
export function predictBestQ(engine: FigureEngine, load: BoundFigureOptions["load"]): Predict {
  const model = exactModel(engine, load);
  return predict({
    question: "Which q gives the largest bound?",
    answers: [
      "all of it on the code whose picture fits best",
      "spread over the codes by Bayes’ rule",
      "the same for every code"
    ],
    async look() {
      const {found, codes} = await undecided(model);
      const best = bestUnderBeta(codes, 0).q;
      const bounds = [best, posteriorOf(codes), best.map(() => 1 / best.length)].map((q) => boundOf(q, codes).elbo);
      const [one, bayes, even] = bounds.map(formatNumber);
      return {
        right: bounds.indexOf(Math.max(...bounds)),
        found: `On image ${found + 1}: ${one} nats with one code, ${bayes} by Bayes’ rule, which is ln p(x) itself, and ${even} with an even q. Certainty that is not deserved costs something too.`
      };
    }
  });
}

/** Can the objective exceed ln p(x)? */
export function predictBeta(engine: FigureEngine, load: BoundFigureOptions["load"]): Predict {
  const model = exactModel(engine, load);
  return predict({
    question:
      "β is 1/2, and q is the best that there is for that β. Where does the weighted sum stand against ln\u00a0p(x)?",
    answers: ["below it", "exactly on it", "above it"],
    async look() {
      const {found, codes} = await undecided(model);
      const {value} = bestUnderBeta(codes, 0.5);
      const {logPx} = boundOf(codes.encoder, codes);
      const difference = value - logPx;
      return {
        right: Math.abs(difference) < 1e-6 ? 1 : difference < 0 ? 0 : 2,
        found: `On image ${found + 1} it is ${formatNumber(value)} nats, and ln p(x) is ${formatNumber(logPx)}: ${formatNumber(difference)} above. A number that can lie above ln p(x) says nothing about how small ln p(x) may be.`
      };
    }
  });
}

/** Of the first images, the one of whose code the posterior is least sure. */
async function undecided(model: ExactModel): Promise<{found: number; codes: ImageCodes}> {
  let best: {found: number; codes: ImageCodes} | null = null;
  let least = Infinity;
  for (let i = 0; i < 12; ++i) {
    const codes = await model.image(i);
    const top = Math.max(...posteriorOf(codes));
    if (top >= least) continue;
    least = top;
    best = {found: i, codes};
  }
  return best!;
}

/** q in whole thousandths, for the address; "" for the encoder's. */
function writeQ(q: readonly number[] | null): string {
  return q === null ? "" : q.map((p) => Math.round(p * 1000)).join("-");
}

const guessSetting: Setting<string> = {
  initial: "",
  parse: (text) => (readQ(text) === null ? undefined : text),
  format: String,
  expects: `${codeCount} whole numbers, not all 0, with hyphens between`
};

function readQ(text: string): number[] | null {
  if (!/^\d{1,4}(-\d{1,4})+$/.test(text)) return null;
  const parts = text.split("-").map(Number);
  return parts.length === codeCount && parts.some((p) => p > 0) ? normalised(parts) : null;
}
