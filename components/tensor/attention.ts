import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {applyOp} from "./differentiable.js";
import {fastOps} from "./fast.js";
import {matMul} from "./matMul.js";
import {stopGradient} from "./stopGradient.js";

/**
 * softmax(q·kᵀ/√d + bias)·v, head by head: q [b, h, t, d], k and v [b, h, s, d] → [b, h, t, d].
 * bias broadcasts to [b, h, t, s]: 0 where a query may look, −1e9 where not; it has no gradient. null hides nothing.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | null): Tensor {
  if (q.rank !== 4 || k.rank !== 4 || v.rank !== 4 || q.shape[3] !== k.shape[3] || k.shape[2] !== v.shape[2]) {
    throw new Error(
      `attention: expected q [b, h, t, d], k and v [b, h, s, d], got [${q.shape}], [${k.shape}] and [${v.shape}]`
    );
  }
  const scale = 1 / Math.sqrt(q.shape[3]!);
  const fast = fastOps().attention;
  if (fast) return applyOp(fast, [q, k, v], bias ? [bias] : [], {scale});
  return tf.tidy(() => {
    const scores = matMul(tf.mul(q, scale), k, false, true); // (b, h, t, s)
    return matMul(tf.softmax(bias ? tf.add(scores, stopGradient(bias)) : scores), v);
  });
}
