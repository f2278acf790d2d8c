// The prior trained in mixed precision: its loss beside the stored float32 run, its scales, and where its gradients lie.

import {slider} from "../../charts/controls/slider.js";
import {curve, type Series} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {rangeRows} from "../../charts/rangeRows.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import {
  defaultPrecision,
  edgesOf,
  type FormatName,
  floatFormats,
  type Scaling,
  scalings
} from "../../training/floatFormat.js";
import {sameConfig} from "../choices.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {changes, nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import {configOf, precisionIn, precisionSettings} from "./settings.js";
import {type Census, censusOf, formatNames, power, rowOf, scaleRange} from "./shared.js";
import type {StoredPrecision, StoredRun} from "./stored.js";

export interface TrainingOptions {
  /** Hands the shipped dVAE to the engine. */
  prepare(engine: FigureEngine): Promise<void>;
  readonly stored: StoredPrecision;
}

/** The figure, with its run. */
export type PrecisionTraining = HTMLElement & {readonly run: TrainingRun};

const formats = ["fp32", ...formatNames] as const;

export function trainingFigure(engine: FigureEngine, {prepare, stored}: TrainingOptions): PrecisionTraining {
  const settings = pageSettings({
    in: choiceSetting<FormatName | "fp32">(defaultPrecision.format, formats),
    by: choiceSetting<Scaling>(defaultPrecision.scaling, scalings),
    from: numberSetting(defaultPrecision.initialScale, {...scaleRange, integer: true}),
    window: numberSetting(defaultPrecision.window, {min: 1, max: 1000, integer: true}),
    seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {values} = settings;
  const {node: told, tell} = teller(settings.problems.join(" "));
  const skipped = element("p", {class: "precision-skipped"});
  const control = precisionSettings({
    format: values.in,
    scaling: values.by,
    initialScale: values.from,
    window: values.window
  });
  const turned = slider({
    symbol: "s",
    label: "scale, by hand, at once",
    ...scaleRange,
    step: 1,
    value: values.from,
    format: power
  });
  const losses = curve([], {title: "loss", height: 220, totalSteps: stored.updates});
  const scales = curve([], {title: "log₂ of the gradient scales", height: 220, totalSteps: stored.updates});
  const {edges, rows} = rowsOf(stored.census, values.in, () => values.from);
  const otherRows = changes();
  const range = rangeRows({rows, edges}, {title: "its activation gradients × scale", domain: [-48, 24]});

  const made = stage(engine, {
    title: element("span", {}, "The prior in mixed precision: 8 layers, 16 resblocks"),
    label: "Train the prior in mixed precision",
    settings: control,
    run: {
      name: "priorHalf",
      config: control.value,
      seed: values.seed,
      probes: [{name: "gradients", every: 50}],
      spec: (seed) => ({model: "priorHalf", size: "xs", seed, dvae: {from: "shipped"}}),
      prepare: () => prepare(engine),
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [],
    body: [losses, scales, element("div", {class: "precision-live"}, turned, range), skipped],
    *draw(run) {
      const precision = precisionIn(run.config);
      const {format, scaling, initialScale, window} = precision;
      settings.set({in: format, by: scaling, from: initialScale, window, seed: run.seed});
      turned.hidden = scaling !== "fixed";
      const own = run.series("loss");
      losses.update([
        ...storedLosses(stored, run),
        ...(own.steps.length > 0 ? [{name: "this run", ...own, kind: "means-prior"}] : [])
      ]);
      yield;
      const moved = scalesOf(run, stored.census.blocks.length, scaling);
      scales.hidden = moved.length === 0;
      scales.update(moved);
      yield;
      const probe = run.probe("gradients");
      const begin = scaling === "none" ? 0 : initialScale;
      const inForce = stored.census.blocks.map((_, i) => run.latest[`scale${i + 1}`] ?? begin);
      if (otherRows(probe, format, ...inForce.map((s) => s.toFixed(1)))) {
        const census =
          probe === undefined ? stored.census : censusOf(probe, stored.census.blocks, run.status.step, run.seed);
        range.update(rowsOf(census, format, (i) => inForce[i]!));
      }
      const count = run.latest.skipped ?? 0;
      const {step} = run.status;
      skipped.textContent =
        step === 0 ? "" : `Updates skipped: ${count} of ${step} (${((100 * count) / step).toFixed(1)} %).`;
    },
    onReset: () => tell("")
  });
  const {run} = made;
  turned.addEventListener("input", (event) => {
    event.stopPropagation(); // the stage listens for its own controls
    run.setHyper({scale: turned.value});
  });
  control.addEventListener("input", () => {
    turned.value = precisionIn(control.value).initialScale;
  });
  const node = figure(
    {kind: "stack precision-figure precision-training", label: "Train the prior in mixed precision"},
    told,
    made.node,
    element(
      "figcaption",
      {},
      "Dashed: stored runs of the same seed and batches. The gradients are measured in float32 every 50 updates; what " +
        "becomes of them follows from the format and the scale in force. What overflows first are mostly the gradients of " +
        "weights, which are sums over all tokens and not shown."
    )
  );
  void nearScreen(made.node).then(() => (run.id === null ? run.open() : undefined));
  return Object.assign(node, {run});
}

/** The stored float32 run, and the stored run with these settings if there is one. */
function storedLosses({runs}: StoredPrecision, {seed, config}: TrainingRun): Series[] {
  const found = (one: StoredRun) => one.seed === seed;
  const exact = runs.find((one) => found(one) && one.format === "fp32") ?? runs.find(({format}) => format === "fp32");
  const same = runs.find((one) => found(one) && one !== exact && sameConfig(configOf(one), config));
  return [
    ...(exact ? [{name: "fp32", steps: exact.step, values: exact.loss, dashed: true}] : []),
    ...(same ? [{name: "stored", steps: same.step, values: same.loss, dashed: true, kind: "means-prior"}] : [])
  ];
}

function scalesOf(run: TrainingRun, blocks: number, scaling: Scaling): Series[] {
  const kinds = ["means-encoder", "means-codes", "means-decoder"];
  const shown = scaling === "block" ? [1, Math.ceil(blocks / 2), blocks] : [1];
  return shown
    .map((block, i) => ({
      name: scaling === "block" ? `resblock ${block}` : "all",
      ...run.series(`scale${block}`),
      dashed: i === 1,
      kind: kinds[i]!
    }))
    .filter(({steps}) => steps.length > 0);
}

function rowsOf(census: Census, format: FormatName | "fp32", scaleOf: (block: number) => number) {
  const held = format === "fp32" ? null : floatFormats[format];
  const rows = census.blocks.map((_, i) => rowOf(census, i, scaleOf(i), held));
  return {rows, edges: held === null ? {zero: -149, normal: -126, infinite: 128} : edgesOf(held)};
}
