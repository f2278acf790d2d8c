import type {Tensor, Tensor1D} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {fastOps} from "./fast.js";

/** The numbers of all tensors, one after the other. It has no gradient. */
export function flatten(tensors: readonly Tensor[]): Tensor1D {
  const composed = () => tf.concat1d(tensors.map((x) => tf.reshape(x, [x.size])));
  return tf.tidy(() => fastOps().flatten?.(tensors) ?? composed());
}
