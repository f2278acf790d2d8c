import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {applyOp} from "./differentiable.js";
import {fastOps} from "./fast.js";

/**
 * The matrix product over the last two axes. Ranks are equal and at least 2, or one operand has rank 2 and is shared
 * by the other's batch. Batch axes of size 1 broadcast.
 */
export function matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  if (a.rank < 2 || b.rank < 2) {
    throw new Error(`matMul: expected operands of rank 2 or more, got [${a.shape}] and [${b.shape}]`);
  }
  return tf.matMul(a, b, transposeA, transposeB);
}

/** x [..., in] · weight [in, out] + bias [out] → [..., out]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [inputs, outputs] = weight.shape as [number, number];
  if (weight.rank !== 2 || x.shape[x.rank - 1] !== inputs) {
    throw new Error(`linear: expected x [..., in] and weight [in, out], got [${x.shape}] and [${weight.shape}]`);
  }
  const rows = x.rank === 2 ? x : tf.reshape(x, [-1, inputs]);
  const fast = fastOps().linear;
  let y: Tensor;
  if (fast && bias) y = applyOp(fast, [rows, weight, bias], [], null);
  else {
    y = matMul(rows, weight);
    if (bias) y = tf.add(y, bias);
  }
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}
