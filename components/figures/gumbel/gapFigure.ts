// A small dVAE trained with the relaxation: how far its relaxed pictures are from those of chosen codes, as τ falls.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {curve, type Series} from "../../charts/curve.js";
import {element, extend} from "../../charts/dom.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {logCurve} from "../../charts/logCurve.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ProbeResult} from "../../training/protocol.js";
import type {ConfigControl, RunConfig} from "../choices.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {type StoredCurve, shippedWords, storedColumn, storedSeries} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import {formatTau, tauTicks} from "./controls.js";
import {tauRange} from "./state.js";

export interface GapOptions {
  /** Hands the shipped weights to the engine. */
  prepare(engine: FigureEngine): Promise<void>;
  /** The shipped run's numbers, until there are others. */
  readonly stored: StoredCurve;
  /** Those of the same run with τ left at 1, to compare with. */
  readonly staying: StoredCurve;
}

/** The figure, with the run that others may ask. */
export type GapFigure = HTMLElement & {readonly run: TrainingRun};

const shown = 6;
const ends = ["2", "1", "1/2", "1/16"] as const;
const tauEnd: Readonly<Record<(typeof ends)[number], number>> = {"2": 2, "1": 1, "1/2": 1 / 2, "1/16": 1 / 16};

export function gapFigure(engine: FigureEngine, {prepare, stored, staying}: GapOptions): GapFigure {
  const settings = pageSettings({
    end: choiceSetting<(typeof ends)[number]>("1/16", ends),
    seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    look: numberSetting(1, tauRange)
  });
  const {node: told, tell} = teller(settings.problems.join(" "));
  const errors = curve([], {title: "squared error on held-back images", log: true, height: 200});
  const gap = curve([], {title: "gap: how much worse chosen codes are, in %", height: 200});
  const blend = curve([], {title: "codes blended in one draw, at the τ in force", height: 200});
  const sweep = logCurve(
    {series: []},
    {
      title: "error of this model’s draws, by the τ of the draw",
      domain: [tauRange.min, tauRange.max],
      ticks: tauTicks,
      axis: "temperature τ of the draw",
      height: 230
    }
  );
  const images = imageGrid({rows: rowsOf(undefined)}, {columns: shown});
  const look = slider({
    symbol: "τ",
    symbolName: "tau",
    label: "of the pictures",
    ...tauRange,
    value: settings.values.look,
    scale: "log",
    ticks: tauTicks,
    format: formatTau
  });
  const end = endControl(settings.values.end);
  const shipped = (seed: number) => Object.keys(end.value).length === 0 && seed === 1;
  const asked = () => ({tau: look.value, count: shown});
  const made = stage(engine, {
    title: element("span", {}, "A small dVAE: 4 × 4 tokens, 32 codes"),
    label: "Train the small dVAE",
    settings: end,
    run: {
      name: "gumbel",
      config: end.value,
      seed: settings.values.seed,
      probes: [
        {name: "relaxed", every: 20, args: asked()},
        {name: "gap", every: 50}
      ],
      spec: (seed) => ({model: "gumbel", size: "xs", seed, ...(shipped(seed) ? {start: "shipped" as const} : {})}),
      async prepare() {
        if (shipped(settings.values.seed)) await prepare(engine);
      },
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [
      {
        name: "tau",
        symbol: "τ",
        symbolName: "tau",
        label: "relaxation",
        min: 1 / 16,
        max: 8,
        scale: "log",
        format: formatTau
      }
    ],
    body: [gap, blend, errors, sweep, element("div", {class: "gumbel-look"}, images, look)],
    draw(run) {
      settings.set({end: endOf(run.config), seed: run.seed});
      const series = storedSeries(run, stored);
      errors.update([
        {name: "chosen codes", ...series("hardError"), kind: "means-codes"},
        {name: "relaxed", ...series("relaxedError"), dashed: true, kind: "means-image"}
      ]);
      const own = gapOf(series);
      gap.update([
        {name: run.config.tauTo === undefined ? "τ to 1/16" : "this run", ...own, kind: "means-codes"},
        {name: "τ stays at 1", ...gapOf((metric) => storedColumn(staying, metric)), dashed: true}
      ]);
      blend.update([
        {name: "this run", ...series("blended"), kind: "means-codes"},
        {name: "τ stays at 1", ...storedColumn(staying, "blended"), dashed: true}
      ]);
      images.update({rows: rowsOf(run.probe("relaxed"))});
      const found = run.probe("gap");
      if (found === undefined) return;
      const taus = found.taus!.data;
      sweep.update({
        at: run.latest.tau ?? null,
        series: [
          {name: "relaxed", xs: taus, values: found.relaxed!.data, dashed: true, kind: "means-image"},
          {name: "chosen", xs: taus, values: Array.from(taus, () => found.hard!.data[0]!), kind: "means-codes"}
        ]
      });
    },
    onReset() {
      told.textContent = "";
    }
  });
  const {run} = made;
  look.addEventListener("input", (event) => {
    event.stopPropagation();
    settings.set({look: look.value});
    run.ask("relaxed", asked());
  });
  const node = figure(
    {kind: "stack gumbel-figure gumbel-gap", label: "The gap of a trained model"},
    told,
    made.node,
    element(
      "figcaption",
      {},
      "Dashed, stored results: the same run with τ left at 1. Relaxed pictures are decoded from ",
      symbol("relaxed"),
      ", the others from the code that is largest under the same noise. The last curve takes the model as it is and draws " +
        "at each τ; the level line is what its chosen codes give."
    )
  );
  void nearScreen(made.node).then(async () => {
    if (run.id === null) await run.open();
    if (run.shipped) tell(shippedWords(settings.problems));
  });
  return Object.assign(node, {run});
}

/** Where τ ends; a change starts anew. */
function endControl(initial: (typeof ends)[number]): ConfigControl {
  const node = select<(typeof ends)[number]>({
    label: "τ falls from 1 to",
    value: initial,
    choices: ends.map((value) => ({
      value,
      label: value === "1" ? "1: it stays" : value === "2" ? "2: it rises" : value
    }))
  });
  const input = node.querySelector("select")!;
  return extend(node as HTMLElement, {
    get value(): RunConfig {
      return input.value === "1/16" ? {} : {tauTo: tauEnd[input.value as (typeof ends)[number]]};
    },
    set value(config: RunConfig) {
      input.value = endOf(config);
    }
  });
}

function endOf({tauTo = 1 / 16}: RunConfig): (typeof ends)[number] {
  return ends.find((end) => tauEnd[end] === tauTo) ?? "1/16";
}

type Column = (metric: string) => Pick<Series, "steps" | "values">;

/** 100 (hard / relaxed − 1), where both were measured. */
function gapOf(series: Column): Pick<Series, "steps" | "values"> {
  const {steps, values: hard} = series("hardError");
  const {values: relaxed} = series("relaxedError");
  const count = Math.min(hard.length, relaxed.length);
  return {
    steps: Array.from({length: count}, (_, i) => steps[i]!),
    values: Array.from({length: count}, (_, i) => 100 * (hard[i]! / relaxed[i]! - 1))
  };
}

function rowsOf(probe: ProbeResult | undefined) {
  return [
    {label: "image", images: probe?.inputs ?? null},
    {label: "relaxed", images: probe?.relaxed ?? null},
    {label: "chosen", images: probe?.hard ?? null}
  ];
}
