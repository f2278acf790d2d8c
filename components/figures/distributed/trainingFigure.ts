// A prior trained by several workers of the page, which send each other whole gradients or PowerSGD's factors.

import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatNumber, formatPercent} from "../../charts/format.js";
import {rankedBars} from "../../charts/rankedBars.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import {compressions, defaultDistribution, mostRank, mostWorkers} from "../../training/distributed/config.js";
import {sameConfig} from "../choices.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import {compressionNames, distributionControl, distributionIn} from "./settings.js";
import {meanCurve, type StoredRuns, seedsOf} from "./storedRuns.js";

export interface ParallelOptions {
  /** Hands the shipped dVAE to the engine. */
  prepare(engine: FigureEngine): Promise<void>;
  readonly stored: StoredRuns;
}

/** The figure, with the run that others may ask. */
export type ParallelFigure = HTMLElement & {
  readonly run: TrainingRun;
  /** Calls back when the run has moved on, while the figure is on screen. */
  onRun(listener: () => void): void;
};

interface PastRun {
  readonly name: string;
  readonly steps: number[];
  readonly values: number[];
}

/** Runs of this visit that stay on show. */
const mostPast = 3;

export function parallelFigure(engine: FigureEngine, {prepare, stored}: ParallelOptions): ParallelFigure {
  const settings = pageSettings({
    workers: numberSetting(defaultDistribution.workers, {min: 1, max: mostWorkers, integer: true}),
    send: choiceSetting<(typeof compressions)[number]>("none", compressions),
    rank: numberSetting(defaultDistribution.rank, {min: 1, max: mostRank, integer: true}),
    wseed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {workers, send, rank, wseed} = settings.values;
  const {node: told, tell} = teller(settings.problems.join(" "));
  const losses = curve([], {title: "loss of the batch, nats", height: 260, totalSteps: stored.updates});
  const wire = rankedBars({title: "", rows: []});
  const counted = element("p", {class: "message wire-words"});
  const control = distributionControl({workers, compression: send, rank});
  const listeners: (() => void)[] = [];
  const past: PastRun[] = [];
  let before: PastRun = {name: "", steps: [], values: []};
  let lastConfig = control.value;

  const made = stage(engine, {
    title: element("span", {}, "The prior of stage 2, on several workers"),
    label: "Train the prior on several workers",
    settings: control,
    run: {
      name: "prior-parallel",
      config: control.value,
      seed: wseed,
      probes: [],
      prepare: () => prepare(engine),
      spec: (seed) => ({model: "priorParallel", size: "xs", seed, dvae: {from: "shipped"}}),
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [],
    body: [losses, element("div", {class: "wire"}, wire, counted)],
    draw(run) {
      archive(run);
      const {compression, rank} = distributionIn(run.config);
      const own = compression === "none" ? [] : [storedSeries(compression, rank)];
      losses.update([
        storedSeries("none", 0),
        ...own.filter(({steps}) => steps.length > 0),
        ...past.map((one) => ({...one, dashed: true})),
        {name: "this run", ...run.series("loss"), kind: "means-prior"}
      ]);
      drawWire(run);
      for (const listener of listeners) listener();
    }
  });
  const {run} = made;

  function storedSeries(compression: (typeof compressions)[number], rank: number) {
    const name = compression === "none" ? "whole, stored" : `${compression} ${rank}, stored`;
    const kind = compression === "none" ? {} : {kind: "means-codes"};
    return {name, ...meanCurve(stored, {compression, rank}), dashed: true, ...kind};
  }
  /** A run that was reset keeps its curve, to be compared with. */
  function archive({series, seed, config}: TrainingRun): void {
    const {steps, values} = series("loss");
    const gone = before.steps.length > 1 && steps.length < before.steps.length;
    if (gone) {
      past.push(before);
      if (past.length > mostPast) past.shift();
    }
    if (gone || !sameConfig(lastConfig, config)) {
      lastConfig = config;
      settings.set({send: distributionIn(config).compression, workers: distributionIn(config).workers, wseed: seed});
      if (config.rank !== undefined) settings.set({rank: Number(config.rank)});
    }
    before = {name: nameOf(run), steps: Array.from(steps), values: Array.from(values)};
  }
  function nameOf({config}: TrainingRun): string {
    const {workers, compression, rank} = distributionIn(config);
    return compression === "none" ? `whole, × ${workers}` : `${compression} ${rank}, × ${workers}`;
  }
  function drawWire({latest, config}: TrainingRun): void {
    const {workers} = distributionIn(config);
    const {wholeBytes, sentBytes = 0, wireBytes = 0, sentShare = 1, matrixShare = 1} = latest;
    if (wholeBytes === undefined) {
      wire.update({title: "Bytes on the wire", rows: []});
      counted.textContent = "Counted when the run has made a step.";
      return;
    }
    const alone = workers === 1;
    const would = sentShare * wholeBytes;
    wire.update({
      title: "A worker’s gradient in bytes, each step",
      rows: [
        {name: "whole", value: wholeBytes, text: megabytes(wholeBytes)},
        alone
          ? {name: "would be sent", value: would, text: megabytes(would), marked: true}
          : {name: "sent", value: sentBytes, text: megabytes(sentBytes), marked: true}
      ]
    });
    counted.textContent = alone
      ? "One worker has nobody to send anything to."
      : `Counted in the messages: ${workers === 2 ? "the other worker" : `each of the ${workers - 1} other workers`} sends ${formatPercent(sentBytes / wholeBytes)} of a whole gradient and is sent as much; ${megabytes(wireBytes)} in all. ${matrixShare < 1 ? `Of the matrices of the blocks alone it is ${formatPercent(matrixShare)}: embeddings, gains and biases are sent whole.` : ""}`;
  }

  const node = figure(
    {
      kind: "stack distributed-figure parallel-figure",
      label: "Data-parallel training, with compressed gradients or whole ones"
    },
    told,
    made.node,
    element(
      "figcaption",
      {},
      `Dashed and marked “stored”: the mean over seeds ${seedsOf(stored).join(", ")}, made by scripts/powersgd.ts. Every change starts the run anew; the curves of your last ${mostPast} runs stay. ${compressionNames.fixed}: as in the paper.`
    )
  );
  void nearScreen(node).then(() => run.open());
  return Object.assign(node, {run, onRun: (listener: () => void) => void listeners.push(listener)});
}

export function megabytes(bytes: number): string {
  return `${formatNumber(bytes / 1e6)}\u00a0MB`;
}
