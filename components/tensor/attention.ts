import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {AttentionMask} from "./attentionMask.js";
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

/**
 * Attention of a sequence to itself: queries, keys and values of all heads side by side, [b, t, 3 · heads · d] → what
 * the heads find, side by side, [b, t, heads · d]. mask: null hides nothing; a tensor is a bias as attention() takes it.
 */
export function selfAttention(qkv: Tensor, heads: number, mask: AttentionMask | Tensor | null): Tensor {
  const [batch, length, width] = qkv.shape as [number, number, number];
  const d = width / 3 / heads;
  if (qkv.rank !== 3 || !Number.isInteger(d)) {
    throw new Error(`selfAttention: expected [b, t, 3 · ${heads} · d], got [${qkv.shape}]`);
  }
  if (mask instanceof AttentionMask && mask.length !== length) {
    throw new Error(`selfAttention: expected a mask of ${length} positions, got one of ${mask.length}`);
  }
  const fast = fastOps().selfAttention;
  if (fast && (mask === null || mask instanceof AttentionMask)) return applyOp(fast, [qkv], [], {heads, mask});
  const byHead = (t: Tensor) => tf.transpose(tf.reshape(t, [batch, length, heads, d]), [0, 2, 1, 3]);
  const [q, k, v] = tf.split(qkv, 3, 2).map(byHead) as [Tensor, Tensor, Tensor];
  const found = attention(q, k, v, mask instanceof AttentionMask ? mask.bias : mask);
  return tf.reshape(tf.transpose(found, [0, 2, 1, 3]), [batch, length, heads * d]);
}
