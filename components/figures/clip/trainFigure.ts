// A small CLIP in training: the similarities of held-back pairs, both cross-entropies, the scale, and what it can do.

import {button} from "../../charts/controls/button.js";
import {select} from "../../charts/controls/select.js";
import {curve, type Series} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatPercent} from "../../charts/format.js";
import {pairMatrix} from "../../charts/pairMatrix.js";
import {choiceSetting, numberSetting, pageSettings, textSetting} from "../../notebook/settings.js";
import type {RunConfig} from "../choices.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {changes, nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {type StoredCurve, shippedWords, storedSeries} from "../storedCurve.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import {configOf, listingConfig, namesOf, optionSwitches, usualBatch} from "./options.js";
import {type Pairs, pairsOf, type Shading, shadings} from "./similarity.js";

export interface ClipTrainOptions {
  /** Hands the shipped weights to the engine. */
  prepare(engine: FigureEngine): Promise<void>;
  /** The shipped run's numbers, until there are others. */
  readonly stored: StoredCurve;
}

export type ClipTrainFigure = HTMLElement & {readonly run: TrainingRun};

/** Pairs shown, of the 64 that are measured. */
const shown = 10;
/** exp of CLIP's initial s and its bound. */
const limits = {start: 1 / 0.07, most: 100};

export function clipTrainFigure(engine: FigureEngine, {prepare, stored}: ClipTrainOptions): ClipTrainFigure {
  const settings = pageSettings({
    options: textSetting("", {maxLength: 80}),
    clipseed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    shade: choiceSetting<Shading>("image", shadings)
  });
  const config = configOf(settings.values.options);
  const {node: told, tell} = teller(settings.problems.join(" "));
  const matrix = pairMatrix(dataOf(null, "image"), {label: "Similarities of held-back captions and images"});
  const pointed = element("p", {class: "pair-pointed", "aria-live": "polite"});
  const shade = select<Shading>({
    label: "shown",
    value: settings.values.shade,
    choices: [
      {value: "image", label: "chance of each image for a caption, %"},
      {value: "text", label: "chance of each caption for an image, %"},
      {value: "cosine", label: "cosines"}
    ]
  });
  const losses = curve([], {title: "cross-entropy, nats", height: 210});
  const alone = curve([], {title: "losses on images or text alone", height: 170});
  const scale = curve([], {title: "scale eˢ", height: 170});
  const skill = curve([], {title: "right, in %", height: 210});
  const switches = optionSwitches();
  const listing = button("All of the listing’s", {hint: "FILIP, DCL, second projections and SimCLR together"});
  switches.append(listing);
  const plain = (at: RunConfig, seed: number) => Object.keys(at).length === 0 && seed === 1;
  let pairs: Pairs | null = null;
  const otherPairs = changes();

  const made = stage(engine, {
    title: element("span", {}, "A small CLIP: 16 × 16 pixels, captions of up to 16 tokens"),
    label: "Train the CLIP",
    settings: switches,
    run: {
      name: "clip",
      config,
      seed: settings.values.clipseed,
      probes: [{name: "similarity", every: 10, args: {count: shown}}],
      spec: (seed) => ({
        model: "clip",
        size: "xs",
        seed,
        ...(plain(switches.value, seed) ? {start: "shipped" as const} : {})
      }),
      async prepare() {
        if (plain(config, settings.values.clipseed)) await prepare(engine);
      },
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log", height: 60}],
    body: [element("div", {class: "pair-panel"}, shade, matrix, pointed), losses, skill, scale, alone],
    *draw(run) {
      settings.set({options: namesOf(run.config), clipseed: run.seed});
      const series = storedSeries(run, stored);
      yield* drawCurves(run, series);
      pointed.setAttribute("aria-live", run.status.state === "training" ? "off" : "polite");
      const probe = run.probe("similarity");
      if (probe === undefined || !otherPairs(probe)) return; // a hundred cells
      yield;
      pairs = pairsOf(probe, "xs");
      showPairs();
    },
    onReset() {
      told.textContent = "";
    }
  });
  const {run} = made;

  function* drawCurves(
    now: TrainingRun,
    series: (metric: string) => Pick<Series, "steps" | "values">
  ): Generator<void, void> {
    const text = series("textLoss");
    const last = Math.max(1, text.steps[text.steps.length - 1] ?? 1);
    const level = (name: string, value: number): Series => ({
      name,
      steps: [0, last],
      values: [value, value],
      dashed: true
    });
    const pairsInBatch = Number(now.config.batchSize ?? usualBatch);
    losses.update([
      {name: "caption finds image", ...text, kind: "means-text"},
      {name: "image finds caption", ...series("imageLoss"), kind: "means-image"},
      {name: "held back", ...series("heldLoss"), kind: "means-prior", dashed: true},
      level("a guess: ln N", Math.log(pairsInBatch)),
      ...(now.config.spoiledCopies === false ? [] : [level("ln 2N, with the copies", Math.log(2 * pairsInBatch))])
    ]);
    yield;
    const percent = (metric: string) => {
      const {steps, values} = series(metric);
      return {steps, values: Array.from(values, (v) => 100 * v)};
    };
    skill.update([
      {name: "pairs matched, of 64", ...percent("heldAccuracy"), kind: "means-prior"},
      {name: "named, seen", ...percent("seenNamed"), kind: "means-image"},
      {name: "named, never seen", ...percent("unseenNamed"), kind: "means-codes", dashed: true}
    ]);
    yield;
    scale.update([
      {name: "eˢ", ...series("scale"), kind: "means-encoder"},
      level("CLIP’s start: 1/0.07", limits.start),
      level("at most 100", limits.most)
    ]);
    yield;
    const others = [
      {name: "two views", ...series("viewLoss"), kind: "means-image"},
      {name: "hidden words", ...series("hiddenLoss"), kind: "means-text", dashed: true}
    ].filter(({values}) => values.length > 0);
    alone.hidden = others.length === 0;
    alone.update(others);
  }
  function showPairs(): void {
    matrix.update(dataOf(pairs, shade.value));
    showPointed();
  }
  function showPointed(): void {
    const at = matrix.value;
    if (pairs === null || at === null) {
      pointed.textContent = "Framed: what belongs together. Point at a cell.";
      return;
    }
    const i = at.row * pairs.captions.length + at.column;
    const n = pairs.captions.length;
    pointed.textContent =
      `“${pairs.captions[at.row]}” and image ${at.column + 1}${at.row === at.column ? ", its own" : ""}: cosine ${pairs.cosines[i]!.toFixed(3)}, ` +
      `times ${pairs.scale.toFixed(1)}. Of the ${n} images, this one for the caption: ${formatPercent(pairs.image[i]!)}; ` +
      `of the ${n} captions, this one for the image: ${formatPercent(pairs.text[i]!)}.`;
  }
  matrix.addEventListener("input", (event) => {
    event.stopPropagation();
    showPointed();
  });
  shade.addEventListener("input", (event) => {
    event.stopPropagation();
    settings.set({shade: shade.value});
    showPairs();
  });
  listing.addEventListener("click", () => {
    switches.value = listingConfig();
    switches.dispatchEvent(new Event("input", {bubbles: true}));
  });
  showPointed();
  const node = figure(
    {kind: "stack clip-figure clip-train", label: "A small CLIP in training"},
    told,
    made.node,
    element(
      "figcaption",
      {},
      "The matrix shows ten pairs that training never sees. Matched: 64 held-back captions each look for their image among 64, and the other way round. " +
        "Named: of 64 scenes with one object, in how many does the right colour and shape win among all pairs of them? " +
        "Never seen: that pair is in no training image."
    )
  );
  void nearScreen(made.node).then(async () => {
    if (run.id === null) await run.open();
    if (run.shipped) tell(shippedWords(settings.problems));
  });
  return Object.assign(node, {run});
}

function dataOf(pairs: Pairs | null, shading: Shading) {
  const captions = pairs?.captions ?? Array.from({length: shown}, () => "");
  const images = pairs?.images ?? null;
  const values = pairs === null ? [] : shading === "cosine" ? pairs.cosines : pairs[shading];
  if (shading !== "cosine") {
    const write = (p: number) => (pairs === null ? "" : String(Math.round(100 * p)));
    return {captions, images, values, strength: (p: number) => p, write};
  }
  const all = Array.from(values);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return {
    captions,
    images,
    values,
    strength: (c: number) => (high > low ? (c - low) / (high - low) : 0),
    write: (c: number) => (pairs === null ? "" : c.toFixed(2).replace("-", "−").replace("0.", "."))
  };
}
