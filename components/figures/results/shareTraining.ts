// Stage 2 trained in the page on fewer pairs of colour and shape, and asked for pairs it has seen and for those it has not.

import {button} from "../../charts/controls/button.js";
import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {intervalRows} from "../../charts/intervalRows.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {SeenShareFile} from "../../training/seenShare.js";
import type {RunConfig} from "../choices.js";
import {configSelects} from "../configSelects.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, pipelines} from "../pipelines.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {type StoredCurve, shippedWords, storedSeries} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import {drawnStrip} from "./drawnStrip.js";
import {type LiveTally, liveTally, written} from "./liveTally.js";
import {pairCaptions, rangeOf, seenShares} from "./seenShares.js";

export interface ShareTrainingOptions {
  readonly loadShipped: LoadShipped;
  readonly stored: SeenShareFile;
  /** The curve of the shipped weights' run. */
  readonly curve: StoredCurve;
}

const size = "xs";
const aspect = "shape and colour";
/** As in the chapter on stage 2: a minute on two cores. */
const updates = 500;
/** Drawn of each kind at a press. */
const more = 16;

type Kind = "seen" | "unseen";
const kinds: readonly {kind: Kind; label: string; colour: string}[] = [
  {kind: "seen", label: "pairs in training", colour: "means-prior"},
  {kind: "unseen", label: "pairs never in training", colour: "means-codes"}
];

export function shareTraining(engine: FigureEngine, options: ShareTrainingOptions): HTMLElement {
  const {loadShipped, stored} = options;
  const {most, pairs, all} = seenShares;
  const settings = pageSettings({
    pairColours: numberSetting(most, {min: 1, max: most, integer: true}),
    pairSeed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const opened = pipelines(engine, loadShipped);
  const losses = curve([], {title: "cross-entropy in nats a token", height: 210});
  const chart = intervalRows([], {title: "Shape and colour right, per cent of the pictures"});
  const strips = {
    seen: drawnStrip("Nothing drawn yet."),
    unseen: drawnStrip("Nothing drawn yet.")
  };
  const draw = button(`Draw ${more} of each`, {kind: "primary"});
  const {node: told, tell, fail} = teller(settings.problems.join(" "));

  const configOf = (kept: number): RunConfig => (kept === most ? {updates} : {updates, coloursAShape: kept});
  const keptOf = (config: RunConfig) => Number(config.coloursAShape ?? most);
  const counts = Array.from({length: most}, (_, i) => most - i);
  const choice = configSelects("Pairs in training", [
    {
      label: "in training",
      choices: counts.map((kept) => ({label: `${pairs(kept)} of ${all} pairs`, config: configOf(kept)}))
    }
  ]);
  const initial = configOf(settings.values.pairColours);
  let tallies = talliesOf(settings.values.pairColours);
  let measured = ""; // the model that they are of
  let drawing = 0;

  const made = stage(engine, {
    title: element("span", {}, "Stage 2 on fewer pairs: ", symbol("pPsi")),
    label: "Train the prior on fewer pairs",
    settings: choice,
    run: {
      name: "results-prior-xs",
      seed: settings.values.pairSeed,
      config: initial,
      prepare: () => loadShipped(engine, size),
      spec: (seed) => ({
        model: "prior",
        size,
        seed,
        dvae: {from: "shipped"},
        start: keptOf(initial) === most && seed === 1 ? "shipped" : "random"
      }),
      probes: [],
      goesOnHidden: () => false,
      onMessage: tell,
      onFinished: () => void drawMore()
    },
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 1e-2, scale: "log", height: 60}],
    body: [
      element("div", {class: "share-measured"}, losses, chart, element("div", {class: "control-bar"}, draw)),
      element(
        "div",
        {class: "share-drawn"},
        ...kinds.map(({kind, label}) => element("div", {}, element("p", {class: "panel-label"}, label), strips[kind]))
      )
    ],
    draw(run) {
      settings.set({pairColours: keptOf(run.config), pairSeed: run.seed});
      const series = storedSeries(run, options.curve);
      losses.update([
        {name: "image", ...series("imageLoss"), kind: "means-codes"},
        {name: "text", ...series("textLoss"), dashed: true, kind: "means-text"}
      ]);
      const model = modelOf(run);
      if (model !== measured) {
        measured = model;
        drawing += 1; // what is being drawn is another model's
        tallies = talliesOf(keptOf(run.config));
        draw.disabled = false;
      }
      show(run);
    },
    onReset: () => tell("")
  });
  const {run} = made;

  /** Drawings belong to a model as it is: not to another number of pairs, seed or step. */
  function modelOf({config, seed, status}: TrainingRun): string {
    return JSON.stringify([keptOf(config), seed, status.step]);
  }
  function talliesOf(kept: number): Record<Kind, LiveTally> {
    const of = (kind: Kind) => liveTally(size, pairCaptions(kind, kept), 1, more);
    return {seen: of("seen"), unseen: of("unseen")};
  }
  function show(of: TrainingRun): void {
    const kept = keptOf(of.config);
    chart.update(
      kinds.map(({kind, label, colour}) => {
        const share = tallies[kind].share(aspect);
        const note = share === null ? "nothing yet" : written(share);
        return {
          label,
          marks: [
            {name: "stored", share: rangeOf(stored, kept, kind), kind: colour},
            {name: "you", share, note, own: true, kind: colour}
          ]
        };
      })
    );
    for (const {kind} of kinds) strips[kind].update(tallies[kind].recent, ({grade}) => grade.shapeAndColour);
  }
  async function drawMore(): Promise<void> {
    const mine = ++drawing;
    draw.disabled = true;
    run.pause();
    try {
      await run.open();
      const pipeline = await opened.get({size, dvae: {from: "shipped"}, prior: {from: "session", id: run.id!}});
      const own = tallies;
      for (let i = 0; i < more && mine === drawing; ++i) {
        tell(`Drawing ${i + 1} of ${more} …`);
        for (const {kind} of kinds) await own[kind].more(pipeline);
        if (mine === drawing) show(run);
      }
      if (mine === drawing) tell("");
    } catch (error) {
      if (mine === drawing) fail(error);
    }
    if (mine === drawing) draw.disabled = false;
  }
  draw.addEventListener("click", () => void drawMore());

  const had = options.curve.step?.at(-1);
  const node = figure(
    {
      kind: "stack result-figure share-training",
      label: "Train the prior on fewer pairs, and ask for those it never saw"
    },
    told,
    made.node,
    element(
      "figcaption",
      {},
      `Stage 1 is the shipped one, which has seen ${pairs(most)} pairs; stage 2 makes ${updates} updates here${had === undefined ? "" : `, and the shipped one has had ${had}`}. Stored: both stages with ${pairs(most)} or fewer pairs, the mean, from the lowest seed to the highest. At the end of a run ${more} pictures of each kind are drawn, at t = 1.`
    )
  );
  void nearScreen(node).then(async () => {
    await run.open();
    if (run.shipped) tell(shippedWords(settings.problems));
  });
  return node;
}
