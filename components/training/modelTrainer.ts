// One model, its data and its optimiser as a Trainer. What differs between models is a Task.

import type {AdamConfig} from "../models/sizes.js";
import type {Weights} from "../models/weights.js";
import {AdamW, concat, dispose, type Params, read, reshape, type Tensor, tidy, valueAndGrads} from "../tensor/index.js";
import type {Hyper, Metrics, ProbeResult, RunSpec} from "./protocol.js";
import {DivergedError, type Trainer, type TrainerState} from "./trainer.js";

export type HyperValues = Readonly<Record<string, number>> & {readonly learningRate: number};
export type ProbeArgs = Readonly<Record<string, number | string>>;

/** A model's side of training: pure functions of the step, so that a resumed run goes on as if never stopped. */
export interface Task {
  readonly totalSteps: number;
  readonly adam: AdamConfig;
  /** Hyper-parameters of this step by their schedules. */
  schedule(step: number): HyperValues;
  /** The tensors of this step's batch, noise included; disposed after the step. */
  batch(step: number, hyper: HyperValues): Promise<Record<string, Tensor>> | Record<string, Tensor>;
  /** The loss, a scalar, and further scalars or vectors by name. Runs inside the gradient's scope. */
  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues): {loss: Tensor; aux: Record<string, Tensor>};
  /** Slower numbers, such as those of hard reconstructions, taken every evaluateEvery steps when metrics are read. */
  evaluate(params: Params): Promise<Metrics>;
  readonly evaluateEvery: number;
  probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult>;
  dispose(): void;
}

export class ModelTrainer implements Trainer {
  readonly spec: RunSpec;
  readonly #task: Task;
  readonly #optimizer: AdamW;
  #step = 0;
  #pending: Promise<Metrics> | null = null;
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

  async update(overrides: Hyper, wanted: boolean): Promise<Metrics | null> {
    await this.#settle(); // looks at the last step's numbers while this step's batch is not yet made
    const hyper = {...this.#task.schedule(this.#step)} as Record<string, number> & {learningRate: number};
    for (const [name, value] of Object.entries(overrides)) if (value !== null) hyper[name] = value;
    const batch = await this.#task.batch(this.#step, hyper);
    const {loss, aux, grads} = valueAndGrads(this.#optimizer.params(), (params) =>
      this.#task.loss(params, batch, hyper)
    );
    const {gradNorm} = this.#optimizer.step(grads, hyper.learningRate);
    dispose([...Object.values(batch), ...Object.values(grads)]);
    this.#step += 1;
    this.#pending = this.#readMetrics({loss, gradNorm, ...aux});
    if (!wanted) return null;
    const metrics = await this.#settle();
    return {...metrics, ...hyper, ...(await this.#evaluate())};
  }

  probe(name: string, args: ProbeArgs = {}): Promise<ProbeResult> {
    return this.#task.probe(this.params(), name, args);
  }

  async state(): Promise<TrainerState> {
    await this.#settle();
    const {params, ema, m, v} = await this.#optimizer.state();
    const tensors = new Map<string, {shape: readonly number[]; data: Float32Array}>();
    for (const [group, arrays] of Object.entries({params, ema: ema ?? params, m, v})) {
      for (const [name, array] of Object.entries(arrays)) tensors.set(`${group}/${name}`, array);
    }
    return {step: this.#step, tensors};
  }

  restore(state: TrainerState): void {
    const group = (prefix: string): Weights => {
      const weights: Weights = {};
      for (const [name, array] of state.tensors) {
        if (name.startsWith(`${prefix}/`)) weights[name.slice(prefix.length + 1)] = array;
      }
      return weights;
    };
    this.#optimizer.restore({
      step: state.step,
      params: group("params"),
      ema: group("ema"),
      m: group("m"),
      v: group("v")
    });
    this.#pending = null;
    this.#evaluation = null;
    this.#step = state.step;
  }

  dispose(): void {
    this.#pending?.catch(() => undefined);
    this.#pending = null;
    this.#optimizer.dispose();
    this.#task.dispose();
  }

  /** The last step's metrics, read once; throws if they are not finite. */
  async #settle(): Promise<Metrics> {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return {};
    const metrics = await pending;
    for (const name of ["loss", "gradNorm"]) {
      if (!Number.isFinite(metrics[name])) {
        throw new DivergedError(`step ${this.#step}: ${name} is ${metrics[name]}`);
      }
    }
    return metrics;
  }

  /** One transfer for all numbers; vectors become name.0, name.1, … */
  async #readMetrics(tensors: Record<string, Tensor>): Promise<Metrics> {
    const names = Object.keys(tensors);
    const sizes = names.map((name) => tensors[name]!.size);
    const flat = tidy(() => concat(names.map((name) => reshape(tensors[name]!, [-1]))));
    dispose(Object.values(tensors));
    const values = await read(flat);
    dispose(flat);
    const metrics: Record<string, number> = {};
    let at = 0;
    names.forEach((name, i) => {
      const size = sizes[i]!;
      for (let j = 0; j < size; ++j) metrics[size === 1 ? name : `${name}.${j}`] = values[at++]!;
    });
    return metrics;
  }

  async #evaluate(): Promise<Metrics> {
    const due = this.#evaluation === null || this.#step >= this.#evaluation.at + this.#task.evaluateEvery;
    if (due) this.#evaluation = {at: this.#step, metrics: await this.#task.evaluate(this.params())};
    return this.#evaluation!.metrics;
  }
}
