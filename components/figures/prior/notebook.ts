// The prior chapter's figures, with the page's engine, the shipped weights, the stored runs and the page's address.

import {FileAttachment} from "observablehq:stdlib";
import {choiceSetting, numberSetting, pageSettings, type Setting} from "../../notebook/settings.js";
import {connectEngine} from "../../training/client.js";
import {type Predict, predict} from "../predict.js";
import type {SamplingSettings} from "../samplingControls.js";
import {suggestions} from "../scenes.js";
import {fetchModel} from "../shipped.js";
import {loadDvae, pipelineFiles} from "../siteModels.js";
import {attentionFigure} from "./attentionFigure.js";
import {bytePairFigure} from "./bytePairFigure.js";
import {maskFigure} from "./maskFigure.js";
import {priorModel} from "./model.js";
import {knownMasks} from "./patternEditor.js";
import {greedyQuestion, hardestQuestion, lengthQuestion, reachQuestion} from "./questions.js";
import {samplingFigure} from "./samplingFigure.js";
import {sequenceFigure} from "./sequenceFigure.js";
import {pastRuns, type StoredCurve, type StoredMasks, shippedCurves} from "./storedMasks.js";
import {priorTraining} from "./training.js";

const loadPrior = fetchModel("xs", "prior", pipelineFiles.xs.prior);
const shippedRun = FileAttachment("../../../data/checkpoints/xs-prior.json");
const storedMasks = FileAttachment("../../../data/checkpoints/xs-prior-masks.json");

const layers = 4;
/** Of a run that starts in the page: at most a minute on two cores. */
const updates = 500;
const first = suggestions.xs[0]!.caption;

const masksSetting: Setting<string> = {
  initial: "paper",
  parse: (text) => (text.length <= 80 ? knownMasks(text, layers) : undefined),
  format: String,
  expects: "paper, or row, column, conv, full in a list"
};
const textSetting = (initial: string): Setting<string> => ({
  initial,
  parse: (text) => (text.length <= 200 && !/\p{Cc}/u.test(text) ? text : undefined),
  format: String,
  expects: "text of at most 200 characters"
});
const whole = (initial: number, min: number, max: number) => numberSetting(initial, {min, max, integer: true});

const table = {
  seed: whole(1, 0, 2 ** 32 - 1),
  masks: masksSetting,
  caption: textSetting(first),
  asked: whole(24, 0, 31),
  head: whole(0, 0, 4),
  of: whole(0, 0, 4),
  merges: whole(0, 0, 96),
  words: textSetting("a red heart on the sand"),
  state: whole(1, 0, 31),
  size: choiceSetting<"paper" | "miniature">("paper", ["paper", "miniature"]),
  layer: whole(1, 1, 64),
  token: whole(16 * 32 + 16, 0, 1023),
  view: choiceSetting<"layer" | "layers" | "reach">("layer", ["layer", "layers", "reach"]),
  n: whole(4, 1, 8),
  t: numberSetting(1, {min: 0, max: 2}),
  k: whole(0, 0, 256),
  p: numberSetting(1, {min: 0.05, max: 1}),
  draw: whole(1, 0, 2 ** 32 - 1),
  /** "" is the caption of the first figure. */
  drawn: textSetting(""),
  candidate: whole(1, 1, 8),
  /** The place whose chances are shown, counted from 1; 0 leaves it to the figure. */
  cell: whole(0, 0, 16)
};

export interface PriorChapter {
  readonly attention: HTMLElement;
  readonly bytePairs: HTMLElement;
  readonly sequence: HTMLElement;
  readonly masks: HTMLElement;
  readonly training: HTMLElement;
  readonly sampling: HTMLElement;
  readonly askLength: Predict;
  readonly askReach: Predict;
  readonly askHardest: Predict;
  readonly askGreedy: Predict;
}

/** All figures of the chapter: they look at one model, the one that trains here. */
export async function priorChapter(): Promise<PriorChapter> {
  const engine = connectEngine();
  const address = pageSettings(table);
  const {values} = address;
  const stored = (await storedMasks.json()) as StoredMasks;
  const shipped = (await shippedRun.json()) as StoredCurve;
  const prepare = async () => {
    await loadDvae(engine);
    await loadPrior(engine);
  };
  const model = priorModel(engine, () => ({run: training.run, open: training.open, seed: 1}));
  const training = priorTraining(engine, {
    prepare,
    captions: suggestions.xs.slice(0, 4).map(({caption}) => caption),
    layers,
    seed: values.seed,
    masks: values.masks,
    shipped: shippedCurves(shipped),
    shippedUpdates: shipped.curve.step.at(-1) ?? 0,
    stored: pastRuns(stored),
    updates,
    onSettings: (seed, masks) => address.set({seed, masks}),
    onModel() {
      model.modelChanged();
      masks.refresh();
    }
  });
  const masks = maskFigure({
    size: values.size,
    layer: values.layer,
    token: values.token,
    view: values.view,
    masks: () => model.masks,
    onSettings: (changes) => address.set(changes)
  });
  const attention = attentionFigure(model, {
    caption: values.caption,
    token: values.asked,
    layer: values.of,
    head: values.head,
    onSettings: ({caption, token, layer, head}) =>
      address.set({
        ...(caption === undefined ? {} : {caption}),
        ...(token === undefined ? {} : {asked: token}),
        ...(layer === undefined ? {} : {of: layer}),
        ...(head === undefined ? {} : {head})
      })
  });
  if (address.problems.length > 0) {
    const words = document.createElement("p");
    words.className = "message problem";
    words.setAttribute("role", "status");
    words.textContent = address.problems.join(" ");
    attention.prepend(words);
  }
  const sampled: SamplingSettings = {
    candidates: values.n,
    temperature: values.t,
    topK: values.k,
    topP: values.p,
    seed: values.draw
  };
  return {
    attention,
    masks,
    training: training.node,
    bytePairs: bytePairFigure(model, {
      merges: values.merges,
      caption: values.words,
      examples: [...suggestions.xs.map(({caption}) => caption), "a pink star in the sky, top left"],
      onSettings: ({merges, caption}) =>
        address.set({...(merges === undefined ? {} : {merges}), ...(caption === undefined ? {} : {words: caption})})
    }),
    sequence: sequenceFigure(model, {state: values.state, onSettings: (changes) => address.set(changes)}),
    sampling: samplingFigure(model, {
      sampling: sampled,
      caption: values.drawn || values.caption,
      candidate: values.candidate - 1,
      cell: values.cell === 0 ? null : values.cell - 1,
      onSettings: ({sampling: s, caption, candidate, cell}) =>
        address.set({
          n: s.candidates,
          t: s.temperature,
          k: s.topK,
          p: s.topP,
          draw: s.seed,
          drawn: caption === address.values.caption ? "" : caption,
          candidate: candidate + 1,
          cell: cell === null ? 0 : cell + 1
        }),
      nearest: (images) => engine.nearest("xs", images)
    }),
    askLength: predict(lengthQuestion(model)),
    askReach: predict(reachQuestion),
    askHardest: predict(hardestQuestion(model)),
    askGreedy: predict(greedyQuestion(model))
  };
}
