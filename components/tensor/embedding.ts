import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {stopGradient} from "./stopGradient.js";

/** The rows of table [v, d] named by ids int32 [...] → [..., d]. Rows named twice add up their gradients. */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  if (table.rank !== 2 || ids.dtype !== "int32") {
    throw new Error(`embedding: expected table [v, d] and int32 ids, got [${table.shape}] and ${ids.dtype}`);
  }
  return gather(table, ids, 0);
}

/** Slices of x along axis named by int32 indices; the gradient flows to x only. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return tf.tidy(() => tf.gather(x, stopGradient(indices), axis));
}
