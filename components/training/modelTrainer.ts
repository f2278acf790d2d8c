// One model, its data and its optimiser as a Trainer. What differs between models is a Task.

import type {AdamConfig} from "../models/recipe.js";
import type {Weights} from "../models/weights.js";
import {
  AdamW,
  add,
  dispose,
  mul,
  type NamedArrays,
  type Params,
  read,
  readInto,
  scalar,
  type Tensor,
  type Tensor1D,
  tensor,
  tidy
} from "../tensor/index.js";
import {type Gradient, gradientOf, type Screened} from "./gradient.js";
import type {GradientExchange, StepWork} from "./gradientExchange.js";
import {optimizerTensors, restoreOptimizer} from "./optimizerState.js";
import type {Hyper, Metrics, ProbeResult, RunSpec} from "./protocol.js";
import {DivergedError, type Trainer, type TrainerState} from "./trainer.js";
import {meanOf} from "./vectors.js";

export type HyperValues = Readonly<Record<string, number>> & {readonly learningRate: number};
export type ProbeArgs = Readonly<Record<string, number | string>>;

/** Part `index` of `count` of a batch. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Rows [from, to) of a batch. */
export function shardRange({index, count}: Shard, batchSize: number): {from: number; to: number} {
  return {from: Math.floor((index * batchSize) / count), to: Math.floor(((index + 1) * batchSize) / count)};
}

/** A model's side of training: pure functions of the step, so that a resumed run goes on as if never stopped. */
export interface Task {
  readonly totalSteps: number;
  readonly adam: AdamConfig;
  /** Whether the loss is of the batch as a whole, so that no partner can take a half of it. */
  readonly whole?: boolean;
  /** Hyper-parameters of this step by their schedules. */
  schedule(step: number): HyperValues;
  /** The tensors of a part of this step's batch, noise included; disposed after the step. */
  batch(step: number, hyper: HyperValues, shard: Shard): Promise<Record<string, Tensor>> | Record<string, Tensor>;
  /**
   * The loss, a scalar, and further scalars or vectors by name, such that the mean over the shards is the whole batch's.
   * Runs inside the gradient's scope.
   */
  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues): {loss: Tensor; aux: Record<string, Tensor>};
  /**
   * Parameters that something else than a gradient moves, such as a codebook by a moving average: their new values after
   * this many steps, or null. A task without it has none.
   */
  adjust?(params: Params, step: number, hyper: HyperValues): Promise<NamedArrays | null>;
  /**
   * Looks at the whole gradient of a step, flat in the parameters' order, before it is applied: whether it is, which
   * parameters get other values after it, and numbers for the step's metrics. A task without it takes every gradient.
   */
  screen?(gradient: Tensor1D, params: Params, step: number, hyper: HyperValues): Promise<Screened>;
  /** Slower numbers, such as those of hard reconstructions, taken every evaluateEvery steps when metrics are read. */
  evaluate(params: Params, hyper?: HyperValues): Promise<Metrics>;
  readonly evaluateEvery: number;
  probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult>;
  dispose(): void;
}

/** Another worker that computes the second half of each batch's gradient. It returns the parameters' array with its gradients. */
export interface GradientPartner {
  compute(step: number, hyper: HyperValues, shard: Shard, params: Float32Array): Promise<Gradient>;
  dispose(): void;
}

/** How long a partner may be silent after this worker's half is done, in ms: its backend may still be starting. */
const partnerPatience = 60_000;

export class ModelTrainer implements Trainer {
  readonly spec: RunSpec;
  readonly #task: Task;
  readonly #optimizer: AdamW;
  #partner: GradientPartner | null = null;
  /** The array that goes to the partner with parameters and comes back with gradients. */
  #travelling: Float32Array | null = null;
  #exchange: GradientExchange | null = null;
  #step = 0;
  /** The newest step's numbers, on their way. */
  #pending: {readonly step: number; readonly numbers: Promise<Metrics>} | null = null;
  #evaluation: {at: number; metrics: Metrics} | null = null;

  constructor(spec: RunSpec, task: Task, weights: Weights) {
    this.spec = spec;
    this.#task = task;
    this.#optimizer = new AdamW(weights, task.adam);
  }

  get step(): number {
    return this.#step;
  }

  get totalSteps(): number {
    return this.#task.totalSteps;
  }

  /** Weights for use: the moving average. Valid until the next update. */
  params(): Params {
    return this.#optimizer.emaParams();
  }

  /** From now on the batch's second half is computed by the partner, which this trainer disposes. */
  shareWith(partner: GradientPartner): void {
    if (this.#task.whole) {
      partner.dispose();
      return;
    }
    this.#partner?.dispose();
    this.#partner = partner;
  }

  /** From now on every gradient is made by this exchange, which this trainer disposes. */
  exchangeThrough(exchange: GradientExchange): void {
    this.#exchange?.dispose();
    this.#exchange = exchange;
  }

  async update(overrides: Hyper, wanted: boolean): Promise<Metrics | null> {
    const hyper = this.#hyper(overrides);
    const {numbers} = (await this.#exchanged(hyper)) ?? (await this.#together(hyper)) ?? (await this.#alone(hyper));
    numbers.catch(() => undefined); // reported when they are looked at
    this.#step += 1;
    const before = this.#pending;
    this.#pending = {step: this.#step, numbers};
    // A GPU has this step to work on while the last one's numbers are looked at: it never waits for the page. If they
    // are not finite, this step was for nothing, and the run goes back further anyway.
    if (before) await checked(before);
    await this.#adjust(hyper);
    if (!wanted) return null;
    const metrics = await this.#settle();
    return {...metrics, ...hyper, ...(await this.#evaluate(hyper))};
  }

  /** Besides the task's own probes, "schedule": each hyper-parameter at args.points steps from 0 to the schedules' end. */
  async probe(name: string, args: ProbeArgs = {}): Promise<ProbeResult> {
    if (name === "schedule") return this.#schedule(Number(args.points ?? 101));
    if (name === "gradient" && this.#exchange) return this.#exchange.probe(name, args, this.#work(this.#hyper({})));
    return this.#task.probe(this.params(), name, args);
  }

  #schedule(points: number): ProbeResult {
    const steps = Array.from({length: points}, (_, i) => Math.round((i / Math.max(1, points - 1)) * this.totalSteps));
    const values = steps.map((step) => this.#task.schedule(step) as Readonly<Record<string, number>>);
    const along = (name: string) => ({shape: [points], data: Float32Array.from(values, (at) => at[name]!)});
    return Object.fromEntries(Object.keys(values[0] ?? {}).map((name) => [name, along(name)]));
  }

  async state(): Promise<TrainerState> {
    await this.#settle();
    const [own, shared] = [await optimizerTensors(this.#optimizer), await this.#exchange?.state()];
    return {step: this.#step, tensors: shared === undefined ? own : new Map([...own, ...shared])};
  }

  restore(state: TrainerState): void {
    restoreOptimizer(this.#optimizer, state);
    this.#exchange?.restore(state);
    this.#pending = null;
    this.#evaluation = null;
    this.#step = state.step;
  }

  dispose(): void {
    this.#pending = null;
    this.#partner?.dispose();
    this.#exchange?.dispose();
    this.#optimizer.dispose();
    this.#task.dispose();
  }

  /** This step's hyper-parameters: the schedules', but for those that are set. */
  #hyper(overrides: Hyper): HyperValues {
    const hyper = {...this.#task.schedule(this.#step)} as Record<string, number> & {learningRate: number};
    for (const [name, value] of Object.entries(overrides)) if (value !== null) hyper[name] = value;
    return hyper;
  }

  #work(hyper: HyperValues): StepWork {
    return {task: this.#task, params: this.#optimizer.params(), step: this.#step, hyper, state: () => this.state()};
  }

  /** By the exchange; null, with nothing changed, without one. */
  async #exchanged(hyper: HyperValues): Promise<{numbers: Promise<Metrics>} | null> {
    if (this.#exchange === null) return null;
    const {flat: grads, metrics, names, extra} = await this.#exchange.gradient(this.#work(hyper));
    const {norm, screened} = await this.#stepBy(tensor(grads) as Tensor1D, hyper);
    return {numbers: Promise.resolve({...named(names, metrics, norm), ...extra, ...screened})};
  }

  /** One update by this gradient, which is disposed; gives its norm. */
  async #stepBy(flat: Tensor1D, hyper: HyperValues): Promise<{norm: number; screened: Metrics}> {
    const {gradNorm, screened} = await this.#apply(flat, hyper);
    const norm = await read(gradNorm);
    dispose(gradNorm);
    return {norm: norm[0]!, screened};
  }

  /** The whole batch here. Resolves when the update is on its way; the numbers, when they have been read. */
  async #alone(hyper: HyperValues): Promise<{numbers: Promise<Metrics>}> {
    const shard = {index: 0, count: 1};
    const {flat, metrics, names} = await gradientOf(this.#task, this.#optimizer.params(), this.#step, hyper, shard);
    const {gradNorm, screened} = await this.#apply(flat, hyper);
    const numbers = Promise.all([read(metrics), read(gradNorm)]).then(([values, norm]) => {
      dispose([metrics, gradNorm]);
      return {...named(names, values as Float32Array, norm[0]!), ...screened};
    });
    return {numbers};
  }

  /** One update by this gradient, which is disposed, unless the task rejects it; a skipped one has the norm 0. */
  async #apply(flat: Tensor1D, hyper: HyperValues): Promise<{gradNorm: Tensor; screened: Metrics}> {
    const found = await this.#task.screen?.(flat, this.#optimizer.params(), this.#step, hyper);
    const apply = found?.apply ?? true;
    const gradNorm = apply ? this.#optimizer.stepFlat(flat, hyper.learningRate).gradNorm : scalar(0);
    if (!apply) this.#optimizer.skip();
    dispose(flat);
    if (found) this.#optimizer.set(found.set);
    return {gradNorm, screened: found?.metrics ?? {}};
  }

  /** Puts what the task moves by itself in its place; its average and its moments stay. */
  async #adjust(hyper: HyperValues): Promise<void> {
    const moved = await this.#task.adjust?.(this.#optimizer.params(), this.#step, hyper);
    if (moved) this.#optimizer.set(moved);
  }

  /**
   * One half here and one at the partner's, at the same time. null, with nothing changed, without a partner; one that
   * fails or is silent is given up.
   */
  async #together(hyper: HyperValues): Promise<{numbers: Promise<Metrics>} | null> {
    const partner = this.#partner;
    if (partner === null) return null;
    const own = this.#optimizer.flat();
    const params = this.#travelling ?? new Float32Array(own.size);
    this.#travelling = null;
    await readInto(own, params);
    const theirs = partner.compute(this.#step, hyper, {index: 1, count: 2}, params);
    theirs.catch(() => undefined); // reported below; must not count as unhandled while this half is computed
    const mine = await gradientOf(this.#task, this.#optimizer.params(), this.#step, hyper, {index: 0, count: 2});
    const metrics = (await read(mine.metrics)) as Float32Array;
    dispose(mine.metrics);
    const other = await answer(theirs);
    if (other === null) {
      dispose(mine.flat);
      partner.dispose();
      this.#partner = null;
      return null;
    }
    const mean = tidy(() => mul(add(mine.flat, tensor(other.grads)), 0.5)) as Tensor1D;
    dispose(mine.flat);
    this.#travelling = other.grads;
    const {norm, screened} = await this.#stepBy(mean, hyper);
    const numbers = named(mine.names, meanOf([metrics, other.metrics]), norm);
    return {numbers: Promise.resolve({...numbers, ...screened})};
  }

  /** The newest step's metrics, read once; throws if they are not finite. */
  async #settle(): Promise<Metrics> {
    const pending = this.#pending;
    this.#pending = null;
    return pending === null ? {} : checked(pending);
  }

  async #evaluate(hyper: HyperValues): Promise<Metrics> {
    const last = this.#step === this.totalSteps; // what is shown in the end is of the final weights
    const due = last || this.#evaluation === null || this.#step >= this.#evaluation.at + this.#task.evaluateEvery;
    if (due) this.#evaluation = {at: this.#step, metrics: await this.#task.evaluate(this.params(), hyper)};
    return this.#evaluation!.metrics;
  }
}

/** A step's numbers; throws if they are not finite. */
async function checked({step, numbers}: {step: number; numbers: Promise<Metrics>}): Promise<Metrics> {
  const metrics = await numbers;
  for (const name of ["loss", "gradNorm"]) {
    if (!Number.isFinite(metrics[name])) throw new DivergedError(step, `${name} is ${metrics[name]}`);
  }
  return metrics;
}

/** What is promised; null if it fails or takes longer than partnerPatience. */
async function answer<T>(promise: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, partnerPatience, null);
  });
  return Promise.race([promise.catch(() => null), silence]).finally(() => clearTimeout(timer));
}

/** Vectors become name.0, name.1, … */
function named(names: readonly {name: string; size: number}[], values: Float32Array, gradNorm: number): Metrics {
  const metrics: Record<string, number> = {gradNorm};
  let at = 0;
  for (const {name, size} of names) {
    for (let i = 0; i < size; ++i) metrics[size === 1 ? name : `${name}.${i}`] = values[at++]!;
  }
  return metrics;
}
