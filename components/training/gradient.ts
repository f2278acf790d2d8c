// The gradient of one shard of a batch, flat: what a trainer and its partner both compute.

import {
  dispose,
  flatten,
  type NamedArrays,
  type Params,
  read,
  readInto,
  type Tensor,
  type Tensor1D,
  valueAndGrads
} from "../tensor/index.js";
import type {HyperValues, Shard, Task} from "./modelTrainer.js";
import type {Metrics} from "./protocol.js";

/** A gradient as plain arrays, to be sent between workers. */
export interface Gradient {
  readonly grads: Float32Array;
  readonly metrics: Float32Array;
}

export interface GradientTensors {
  /** All gradients in the parameters' order. */
  readonly flat: Tensor1D;
  /** The loss and the task's further numbers. */
  readonly metrics: Tensor;
  readonly names: readonly {name: string; size: number}[];
}

/** What a task finds in a step's gradient: whether it is applied, and parameters that get other values after it. */
export interface Screened {
  /** False skips the update. */
  readonly apply: boolean;
  readonly set: NamedArrays;
  readonly metrics: Metrics;
}

/** The caller disposes the two tensors. */
export async function gradientOf(
  task: Task,
  params: Params,
  step: number,
  hyper: HyperValues,
  shard: Shard
): Promise<GradientTensors> {
  const batch = await task.batch(step, hyper, shard);
  const {loss, aux, grads} = valueAndGrads(params, (p) => task.loss(p, batch, hyper));
  const numbers: Record<string, Tensor> = {loss, ...aux};
  const names = Object.entries(numbers).map(([name, {size}]) => ({name, size}));
  const flat = flatten(Object.keys(params).map((name) => grads[name]!));
  const metrics = flatten(Object.values(numbers));
  dispose([...Object.values(batch), ...Object.values(grads), ...Object.values(numbers)]);
  return {flat, metrics, names};
}

/** The same, read back; the gradients into this array, if one is given. */
export async function readGradient(
  {flat, metrics}: GradientTensors,
  grads: Float32Array = new Float32Array(flat.size)
): Promise<Gradient> {
  await readInto(flat, grads);
  const result = {grads, metrics: (await read(metrics)) as Float32Array};
  dispose([flat, metrics]);
  return result;
}
