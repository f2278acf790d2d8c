// Stage 1 in training: the discrete VAE, with its errors, reconstructions, codebook and schedules.

import {type Curve, curve} from "../charts/curve.js";
import {element} from "../charts/dom.js";
import {imageGrid} from "../charts/imageGrid.js";
import {usageBars} from "../charts/usageBars.js";
import {type UsageColumn, usageHistory} from "../charts/usageHistory.js";
import type {Size} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";
import {runName} from "./ownWeights.js";
import {type Stage, type StageOptions, stage} from "./stage.js";
import {type StoredCurve, storedSeries} from "./storedCurve.js";
import {symbol} from "./symbol.js";
import type {TrainingRun, TrainingRunOptions} from "./trainingRun.js";

const shown = 6;

export type StageRun = Pick<TrainingRunOptions, "onMessage" | "onFinished" | "goesOnHidden"> &
  Pick<StageOptions, "onReset">;

export interface DvaeStageOptions
  extends StageRun,
    Pick<StageOptions, "settings">,
    Partial<Pick<TrainingRunOptions, "name" | "config" | "seed" | "prepare">> {
  /** Opens with the shipped weights, which `prepare` hands over. */
  readonly start?: "shipped";
  /** Shows also the bound, relaxed and true, and the codes in use over time. */
  readonly detailed?: boolean;
  /** Of the shipped weights' run, until there is one of the reader's. */
  readonly stored?: StoredCurve;
}

export function dvaeStage(engine: FigureEngine, size: Size, options: DvaeStageOptions): Stage {
  const {onReset = () => {}, settings, start, detailed = false, stored = {}, ...run} = options;
  const errors = curve([], {title: "squared error on held-back images", log: true, height: 210});
  const images = imageGrid({rows: rowsOf(undefined)}, {columns: shown});
  const usage = usageBars([], {height: 210});
  const bounds = curve([], {title: "bound, nats a sub-pixel, held back", height: 210});
  const perplexities = curve([], {title: "codes in use (perplexity)", height: 210});
  const history = usageHistory([]);
  const columns: UsageColumn[] = [];
  const drawDetails = (r: TrainingRun) => {
    rememberUsage(columns, r);
    const series = storedSeries(r, stored);
    const [relaxed, drawn] = [series("elbRelaxed"), series("elbTrue")];
    bounds.hidden = drawn.steps.length === 0; // not known of every stored run
    bounds.update([
      {name: "relaxed", ...relaxed, dashed: true, kind: "means-image"},
      {name: "true", ...drawn, kind: "means-codes"}
    ]);
    perplexities.update([{name: "codes", ...series("perplexity"), kind: "means-codes"}]);
    history.update(columns);
  };
  const more: readonly (Curve | HTMLElement)[] = detailed ? [bounds, perplexities, history] : [];
  return stage(engine, {
    ...(settings === undefined ? {} : {settings}),
    title: element("span", {}, "Stage 1: the discrete VAE, ", symbol("qPhi"), " and ", symbol("pTheta")),
    label: "Train the discrete VAE",
    run: {
      name: runName(size, "dvae"),
      ...run,
      spec: (seed) => ({model: "dvae", size, seed, ...(start === undefined ? {} : {start})}),
      probes: [
        {name: "reconstructions", every: 10, args: {count: shown}},
        {name: "usage", every: 20}
      ]
    },
    knobs: [
      {
        name: "tau",
        symbol: "τ",
        symbolName: "tau",
        label: "relaxation",
        min: 1 / 16,
        max: 2,
        scale: "log",
        format: sixteenths
      },
      {name: "noise", symbol: "g", symbolName: "gumbel", label: "scale of the noise", min: 0, max: 1.5},
      {name: "beta", symbol: "β", symbolName: "beta", label: "weight of the KL", min: 0, max: 8},
      {name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log"}
    ],
    body: [errors, images, usage, ...more],
    draw(r) {
      const series = storedSeries(r, stored);
      errors.update([
        {name: "hard", ...series("hardError"), kind: "means-codes"},
        {name: "soft", ...series("softError"), dashed: true, kind: "means-image"}
      ]);
      if (detailed) drawDetails(r);
      images.update({rows: rowsOf(r.probe("reconstructions"))});
      usage.update(r.probe("usage")?.counts?.data ?? []);
    },
    onReset
  });
}

/** Adds the usage that was looked at last, and forgets what lies after the run's step: it may have gone back. */
function rememberUsage(columns: UsageColumn[], run: TrainingRun): void {
  const {step} = run.status;
  while ((columns.at(-1)?.step ?? 0) > step) columns.pop();
  const counts = run.probe("usage")?.counts?.data;
  if (counts !== undefined && columns.at(-1)?.counts !== counts) columns.push({step, counts});
}

function rowsOf(probe: Readonly<Record<string, {shape: readonly number[]; data: ArrayLike<number>}>> | undefined) {
  return [
    {label: "image", images: probe?.inputs ?? null},
    {label: "soft", images: probe?.soft ?? null},
    {label: "hard", images: probe?.hard ?? null}
  ];
}

/** τ as the paper writes it where it can: 1, 1/2, 1/16. */
function sixteenths(value: number): string {
  const inverse = 1 / value;
  const whole = Math.round(inverse);
  return whole > 1 && Math.abs(inverse - whole) < 0.01 * whole ? `1/${whole}` : value.toFixed(2);
}
