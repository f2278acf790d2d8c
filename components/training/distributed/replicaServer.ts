// The other workers of a distributed run. Each holds the whole model and its own optimiser, computes the gradient of its
// part of every batch, and takes the same step as all others: parameters never travel, only gradients do. Browser and
// Node differ only in how messages arrive.

import type {Weights} from "../../models/weights.js";
import {AdamW, dispose, type Tensor1D, tensor, useBackend} from "../../tensor/index.js";
import {createTask} from "../createTask.js";
import {gradientOf, readGradient} from "../gradient.js";
import type {PartnerSetup, Port} from "../gradientServer.js";
import type {HyperValues, Shard, Task} from "../modelTrainer.js";
import {restoreOptimizer} from "../optimizerState.js";
import type {TrainerState} from "../trainer.js";
import {GradientCompressor} from "./compressor.js";
import {distributionOf} from "./config.js";

/** The name by which worker.ts knows that it is one of these. */
export const replicaName = "replica";

/** What a replica is told. Gradients are the typed arrays; nothing else is. */
export type ToReplica =
  | ({readonly kind: "setup"} & PartnerSetup)
  /** Parameters and moments to go on from, with no error of its own. */
  | {readonly kind: "restore"; readonly state: TrainerState; readonly warm: Float32Array}
  | {readonly kind: "gradient"; readonly step: number; readonly hyper: HyperValues; readonly shard: Shard}
  | {readonly kind: "project"; readonly p: Float32Array}
  | {
      readonly kind: "finish";
      readonly q: Float32Array;
      readonly rest: Float32Array;
      readonly learningRate: number;
    }
  | {readonly kind: "errors"};

/** What it answers; to setup, restore and finish, nothing. */
export type FromReplica =
  | {
      readonly kind: "gradient";
      readonly p: Float32Array;
      readonly rest: Float32Array;
      readonly metrics: readonly number[];
    }
  | {readonly kind: "factors"; readonly q: Float32Array}
  | {readonly kind: "errors"; readonly errors: Float32Array}
  | {readonly kind: "failure"; readonly message: string};

interface Replica {
  readonly task: Task;
  readonly optimizer: AdamW;
  readonly compressor: GradientCompressor;
}

/** Serves the port until it is closed, one message after the other. */
export function serveReplica(port: Port): void {
  let replica: Replica | null = null;
  let tail: Promise<void> = Promise.resolve();
  port.listen((message) => {
    tail = tail.then(async () => {
      try {
        replica ??= await setUp(message as ToReplica);
        const answer = await handle(replica, message as ToReplica);
        if (answer !== null) port.send(answer, buffersOf(answer));
      } catch (error) {
        port.send({kind: "failure", message: error instanceof Error ? error.message : String(error)}, []);
      }
    });
  });
}

async function setUp(message: ToReplica): Promise<Replica> {
  if (message.kind !== "setup") throw new Error(`replica: expected its setup first, got ${message.kind}`);
  const {spec, backend, dvae} = message;
  await useBackend(backend);
  const {task, weights} = createTask(spec, dvae);
  return {task, optimizer: new AdamW(weights, task.adam), compressor: compressorOf(spec, weights)};
}

export function compressorOf(spec: PartnerSetup["spec"], weights: Weights): GradientCompressor {
  return new GradientCompressor(weights, distributionOf(spec.config).distribution, spec.seed);
}

async function handle(
  {task, optimizer, compressor}: Replica,
  message: ToReplica
): Promise<Exclude<FromReplica, {kind: "failure"}> | null> {
  switch (message.kind) {
    case "setup":
      return null;
    case "restore":
      restoreOptimizer(optimizer, message.state);
      compressor.restore(message.warm);
      return null;
    case "gradient": {
      const {step, hyper, shard} = message;
      const {grads, metrics} = await readGradient(await gradientOf(task, optimizer.params(), step, hyper, shard));
      return {kind: "gradient", ...compressor.begin(step, grads), metrics: Array.from(metrics)};
    }
    case "project":
      return {kind: "factors", q: compressor.project(message.p)};
    case "finish": {
      const flat = tensor(compressor.finish(message.q, message.rest)) as Tensor1D;
      const {gradNorm} = optimizer.stepFlat(flat, message.learningRate);
      dispose([flat, gradNorm]);
      return null;
    }
    case "errors":
      return {kind: "errors", errors: compressor.errors()};
  }
}

/** The typed arrays of a message, to be handed over and counted. */
export function arraysOf(message: ToReplica | FromReplica): Float32Array[] {
  return Object.values(message).filter((value): value is Float32Array => value instanceof Float32Array);
}

function buffersOf(message: FromReplica): ArrayBuffer[] {
  return arraysOf(message).map(({buffer}) => buffer as ArrayBuffer);
}
