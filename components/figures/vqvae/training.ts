// Either VQ-VAE of the chapter in training: control bar, codebook settings, terms of the loss, and what a figure adds.

import type {Series} from "../../charts/curve.js";
import {pageSettings} from "../../notebook/settings.js";
import type {ModelName, ProbeSubscription} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {nearScreen} from "../redraw.js";
import {type Stage, stage} from "../stage.js";
import {type StoredCurve, shippedWords, storedSeries} from "../storedCurve.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import type {LiveModel} from "./live.js";
import {addressOf, choiceOf, codebookSettings, hyperOf, lossSettings, termsIn} from "./settings.js";

export interface VqTrainingOptions {
  readonly model: Extract<ModelName, "vqvae" | "vqvaePlane">;
  /** Of this model's settings in the address. */
  readonly prefix: string;
  readonly defaultCodes: number;
  readonly sizes: readonly number[];
  readonly title: Node;
  readonly label: string;
  readonly body: readonly Node[];
  readonly probes: readonly ProbeSubscription[];
  /** Hands the shipped weights to the engine. */
  prepare(engine: FigureEngine): Promise<void>;
  /** The shipped run's numbers, until there are others. */
  readonly stored: StoredCurve;
  /** `series` gives a metric's curve. */
  draw(run: TrainingRun, series: (metric: string) => Pick<Series, "steps" | "values">): void;
}

export interface VqTraining extends LiveModel {
  readonly stage: Stage;
  /** A line for the reader. */
  readonly told: HTMLElement;
  tell(text: string, problem?: boolean): void;
}

export function vqTraining(engine: FigureEngine, options: VqTrainingOptions): VqTraining {
  const {model, prefix, defaultCodes, sizes, title, label, body, probes, prepare, stored, draw} = options;
  const settings = pageSettings(addressOf(prefix, defaultCodes));
  const given = <T>(name: string) => (settings.values as Record<string, unknown>)[`${prefix}${name}`] as T;
  const keep = (changes: Record<string, unknown>) =>
    settings.set(
      Object.fromEntries(Object.entries(changes).map(([name, value]) => [`${prefix}${name}`, value])) as never
    );
  const {node: told, tell} = teller(settings.problems.join(" "));
  const codebook = codebookSettings(defaultCodes, sizes, {
    codes: given("codes"),
    start: given("start"),
    update: given("update"),
    revive: given("revive")
  });
  const loss = lossSettings({beta: given("beta"), off: termsIn(given("off"))});
  const config = codebook.value;
  const seed = given<number>("seed");
  // The site's weights belong to the default settings; others start from nothing.
  const shipped = (at: number) => Object.keys(codebook.value).length === 0 && at === 1;
  const listeners = new Set<() => void>();
  const made = stage(engine, {
    title,
    label,
    settings: codebook,
    run: {
      name: model,
      config,
      seed,
      probes,
      spec: (at) => ({model, size: "xs", seed: at, ...(shipped(at) ? {start: "shipped" as const} : {})}),
      async prepare() {
        if (shipped(seed)) await prepare(engine);
      },
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log", height: 60}],
    body: [...body, codebook, loss],
    draw(run) {
      const now = choiceOf(run.config, defaultCodes);
      keep({...now, seed: run.seed});
      draw(run, storedSeries(run, stored));
      for (const listener of listeners) listener();
    },
    onReset: () => tell("")
  });
  const {run} = made;
  loss.addEventListener("input", () => {
    const {beta, off} = loss.value;
    keep({beta, off: off.join(".")});
    run.setHyper(hyperOf(loss.value));
  });
  const differs = loss.value.beta !== 0.25 || loss.value.off.length > 0;
  void nearScreen(made.node).then(async () => {
    if (run.id === null) await run.open();
    if (differs) run.setHyper(hyperOf(loss.value));
    if (run.shipped) tell(shippedWords(settings.problems));
  });
  return {stage: made, run, told, tell, onStep: (listener) => void listeners.add(listener)};
}
