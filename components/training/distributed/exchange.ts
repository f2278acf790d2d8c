// The first worker's side of a distributed run: an all-reduce by way of it. It computes its own part of each gradient,
// gathers what the others send, and sends every one of them the mean.

import {sizeOf, type Weights} from "../../models/weights.js";
import {read} from "../../tensor/index.js";
import {gradientOf, readGradient} from "../gradient.js";
import type {ExchangedGradient, GradientExchange, StepWork} from "../gradientExchange.js";
import type {PartnerSetup, Port} from "../gradientServer.js";
import type {Metrics, ProbeResult} from "../protocol.js";
import type {TrainerState} from "../trainer.js";
import {meanOf, sumOf} from "../vectors.js";
import type {GradientCompressor} from "./compressor.js";
import {distributionOf} from "./config.js";
import {arraysOf, compressorOf, type FromReplica, type ToReplica} from "./replicaServer.js";

/** How long the others may be silent, in ms: their backends may still be starting. */
const patience = 120_000;

/** A worker at the other end of a port; counts what gradients take in messages. */
class RemoteReplica {
  /** Bytes from it and to it, since it was last asked. */
  sent = 0;
  received = 0;
  readonly #port: Port;
  #settle: {resolve: (answer: FromReplica) => void; reject: (error: Error) => void} | null = null;
  #failure: Error | null = null;

  constructor(port: Port, setup: PartnerSetup) {
    this.#port = port;
    port.listen((message) => {
      const answer = message as FromReplica | Error;
      if (answer instanceof Error || answer.kind === "failure") {
        this.#failure = new Error(`another worker of this run failed: ${answer.message}`);
        this.#settle?.reject(this.#failure);
      } else {
        this.sent += bytesOf(answer);
        this.#settle?.resolve(answer);
      }
      this.#settle = null;
    });
    this.tell({kind: "setup", ...setup});
  }

  tell(message: ToReplica): void {
    this.received += bytesOf(message);
    this.#port.send(message, []); // copied: the same array goes to every worker
  }

  ask<Kind extends FromReplica["kind"]>(message: ToReplica, kind: Kind): Promise<Extract<FromReplica, {kind: Kind}>> {
    if (this.#failure) return Promise.reject(this.#failure);
    let timer: ReturnType<typeof setTimeout> | undefined;
    return new Promise<Extract<FromReplica, {kind: Kind}>>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("another worker of this run does not answer")), patience);
      this.#settle = {
        reject,
        resolve(answer) {
          if (answer.kind === kind) resolve(answer as Extract<FromReplica, {kind: Kind}>);
          else reject(new Error(`exchange: expected ${kind}, got ${answer.kind}`));
        }
      };
      this.tell(message);
    }).finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#settle?.reject(new Error("exchange: closed"));
    this.#port.close();
  }
}

export interface ExchangeOptions extends PartnerSetup {
  /** The run's initial weights: names and shapes. */
  readonly weights: Weights;
  /** Starts another worker. */
  start(): Port;
}

export class ReplicaExchange implements GradientExchange {
  readonly #options: ExchangeOptions;
  readonly #compressor: GradientCompressor;
  readonly #workers: number;
  readonly #compressed: boolean;
  #replicas: RemoteReplica[] | null = null;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#compressor = compressorOf(options.spec, options.weights);
    const {workers, compression} = distributionOf(options.spec.config).distribution;
    this.#workers = workers;
    this.#compressed = compression !== "none";
  }

  async gradient(work: StepWork): Promise<ExchangedGradient> {
    const {task, params, step, hyper} = work;
    const others = await this.#started(work);
    for (const other of others) [other.sent, other.received] = [0, 0];
    const count = this.#workers;
    const answers = Promise.all(
      others.map((other, i) => other.ask({kind: "gradient", step, hyper, shard: {index: i + 1, count}}, "gradient"))
    );
    answers.catch(() => undefined); // reported below; must not count as unhandled while this part is computed
    const part = await gradientOf(task, params, step, hyper, {index: 0, count});
    const own = await readGradient(part);
    const sent = this.#compressor.begin(step, own.grads);
    const theirs = await answers;
    const rest = meanOf([sent.rest, ...theirs.map((answer) => answer.rest)]);
    let q: Float32Array = new Float32Array(0);
    if (this.#compressed) {
      const p = meanOf([sent.p, ...theirs.map((answer) => answer.p)]);
      const factors = Promise.all(others.map((other) => other.ask({kind: "project", p}, "factors")));
      factors.catch(() => undefined);
      const mine = this.#compressor.project(p);
      q = meanOf([mine, ...(await factors).map((answer) => answer.q)]);
    }
    const {learningRate} = hyper;
    for (const other of others) other.tell({kind: "finish", q, rest, learningRate});
    const metrics = meanOf([own.metrics, ...theirs.map((answer) => Float32Array.from(answer.metrics))]);
    return {flat: this.#compressor.finish(q, rest), metrics, names: part.names, extra: this.#counted(others)};
  }

  /** "error/…": the sum over all workers, which is all that matters of them, as in the paper. "factor/…": warm starts. */
  async state(): Promise<TrainerState["tensors"]> {
    if (!this.#compressed) return new Map();
    const others = this.#replicas ?? [];
    const theirs = await Promise.all(others.map((other) => other.ask({kind: "errors"}, "errors")));
    const errors = sumOf([this.#compressor.errors(), ...theirs.map((answer) => answer.errors)]);
    const warm = this.#compressor.warmFactors();
    return new Map([
      ["error/sum", {shape: [errors.length], data: errors}],
      ...(warm.length > 0 ? [["factor/warm", {shape: [warm.length], data: warm}] as const] : [])
    ]);
  }

  /** The whole sum goes to this worker's buffers: what counts is linear in them, so it does not matter who holds it. */
  restore(state: TrainerState): void {
    const warm = state.tensors.get("factor/warm")?.data ?? new Float32Array(0);
    this.#compressor.restore(warm, state.tensors.get("error/sum")?.data);
    for (const other of this.#replicas ?? []) other.tell({kind: "restore", state: withoutErrors(state), warm});
  }

  /**
   * "gradient": of a weight matrix (args.matrix) as the next step would compress it: the whole batch's gradient and the
   * mean of the error buffers, both [m, n].
   */
  async probe(name: string, args: Readonly<Record<string, number | string>>, work: StepWork): Promise<ProbeResult> {
    if (name !== "gradient") throw new Error(`exchange: expected the probe gradient, got ${name}`);
    const {task, params, step, hyper} = work;
    const matrix = String(args.matrix);
    const slot = this.#slot(matrix);
    const {flat, metrics} = await gradientOf(task, params, step, hyper, {index: 0, count: 1});
    const whole = (await read(flat)) as Float32Array;
    flat.dispose();
    metrics.dispose();
    const gradient = {shape: slot.shape, data: whole.slice(slot.at, slot.at + slot.size)};
    const from = this.#compressor.errorsAt(matrix);
    if (from === null) return {gradient};
    const sums = (await this.state()).get("error/sum")!.data;
    const error = Float32Array.from(sums.subarray(from, from + slot.size), (value) => value / this.#workers);
    return {gradient, error: {shape: slot.shape, data: error}};
  }

  dispose(): void {
    for (const other of this.#replicas ?? []) other.close();
    this.#replicas = null;
  }

  /** The other workers, from when they are first needed: a run that is only looked at has none. */
  async #started(work: StepWork): Promise<RemoteReplica[]> {
    if (this.#replicas !== null) return this.#replicas;
    const {spec, backend, dvae, start} = this.#options;
    const setup = dvae === undefined ? {spec, backend} : {spec, backend, dvae};
    const state = withoutErrors(await work.state());
    const warm = this.#compressor.warmFactors();
    this.#replicas = Array.from({length: this.#workers - 1}, () => {
      const made = new RemoteReplica(start(), setup);
      made.tell({kind: "restore", state, warm});
      return made;
    });
    return this.#replicas;
  }

  /**
   * Bytes of gradients in the messages of this step: from one worker, and all of them both ways. And by size: of a whole
   * gradient, and what share of it is sent, of everything and of the compressed matrices.
   */
  #counted(others: readonly RemoteReplica[]): Metrics {
    const {sent, whole, factors, matrices} = this.#compressor.sizes;
    return {
      sentBytes: others[0]?.sent ?? 0,
      wireBytes: others.reduce((bytes, other) => bytes + other.sent + other.received, 0),
      wholeBytes: whole * Float32Array.BYTES_PER_ELEMENT,
      sentShare: sent / whole,
      matrixShare: matrices === 0 ? 1 : factors / matrices
    };
  }

  #slot(name: string): {shape: readonly number[]; at: number; size: number} {
    let at = 0;
    for (const [other, {shape}] of Object.entries(this.#options.weights)) {
      if (other === name) return {shape, at, size: sizeOf(shape)};
      at += sizeOf(shape);
    }
    throw new Error(`exchange: expected a parameter, got ${name}`);
  }
}

function bytesOf(message: ToReplica | FromReplica): number {
  return arraysOf(message).reduce((bytes, {byteLength}) => bytes + byteLength, 0);
}

function withoutErrors({step, tensors}: TrainerState): TrainerState {
  return {step, tensors: new Map([...tensors].filter(([name]) => !/^(error|factor)\//.test(name)))};
}
