// Layer normalisation, GELU and the softmax family: all over the last axis.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {applyOp} from "./differentiable.js";
import {type DifferentiableOp, fastOps} from "./fast.js";

/** gain · (x − mean) / √(variance + epsilon) + bias over the last axis; x [..., d], gain and bias [d]. */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Tensor {
  return applyOp(fastOps().layerNorm ?? composedLayerNorm, [x, gain, bias], [], {epsilon});
}

const composedLayerNorm: DifferentiableOp<{epsilon: number}> = {
  forward([x, gain, bias], _, {epsilon}) {
    const centred = tf.sub(x!, tf.mean(x!, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normal = tf.mul(centred, inverse);
    return {output: tf.add(tf.mul(normal, gain!), bias!), saved: [normal, inverse, gain!]};
  },
  backward(dy, [normal, inverse, gain]) {
    const rows = Array.from({length: dy.rank - 1}, (_, i) => i);
    const d = tf.mul(dy, gain!);
    const along = tf.mean(tf.mul(d, normal!), -1, true);
    const dx = tf.mul(inverse!, tf.sub(tf.sub(d, tf.mean(d, -1, true)), tf.mul(normal!, along)));
    return [dx, tf.sum(tf.mul(dy, normal!), rows), tf.sum(dy, rows)];
  }
};

/** x · Φ(x) in its tanh form, ½x(1 + tanh(√(2/π)(x + 0.044715x³))), as GPT-2 computes it (largest error 5e-4). */
export function gelu(x: Tensor): Tensor {
  return applyOp(fastOps().gelu ?? composedGelu, [x], [], null);
}

// ½(1 + tanh(u)) = sigmoid(2u), and 2u = x(a + bx²).
const A = 2 * Math.sqrt(2 / Math.PI);
const B = A * 0.044715;

const composedGelu: DifferentiableOp<null> = {
  forward([x]) {
    const gate = tf.sigmoid(tf.mul(x!, tf.add(tf.mul(tf.square(x!), B), A)));
    return {output: tf.mul(x!, gate), saved: [x!, gate]};
  },
  backward(dy, [x, gate]) {
    // d/dx x·s(u) = s + x·s(1 − s)·u', u' = a + 3bx²
    const slope = tf.add(tf.mul(tf.square(x!), 3 * B), A);
    const inner = tf.mul(tf.mul(x!, tf.sub(1, gate!)), slope);
    return [tf.mul(dy, tf.mul(gate!, tf.add(inner, 1)))];
  }
};

/** exp(x) / Σ exp(x) over the last axis. */
export function softmax(x: Tensor): Tensor {
  return tf.softmax(x);
}

/** ln softmax(x) over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  return applyOp(composedLogSoftmax, [x], [], null);
}

const composedLogSoftmax: DifferentiableOp<null> = {
  forward([x]) {
    const output = logProbabilities(x!);
    return {output, saved: [output]};
  },
  backward(dy, [y]) {
    return [tf.sub(dy, tf.mul(tf.exp(y!), tf.sum(dy, -1, true)))];
  }
};

/** −ln softmax(logits)[label], one a row: logits [n, v], labels int32 [n] → [n]. */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  if (logits.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== logits.shape[0] || labels.dtype !== "int32") {
    throw new Error(
      "softmaxCrossEntropy: expected logits [n, v] and labels int32 [n], " +
        `got [${logits.shape}] and ${labels.dtype} [${labels.shape}]`
    );
  }
  return applyOp(fastOps().softmaxCrossEntropy ?? composedCrossEntropy, [logits], [labels], null);
}

const composedCrossEntropy: DifferentiableOp<null> = {
  forward([logits], [labels]) {
    const logs = logProbabilities(logits!);
    const chosen = tf.cast(tf.oneHot(labels as tf.Tensor1D, logits!.shape[1]!), "float32");
    return {output: tf.neg(tf.sum(tf.mul(chosen, logs), -1)), saved: [logs, chosen]};
  },
  backward(dy, [logs, chosen]) {
    return [tf.mul(tf.sub(tf.exp(logs!), chosen!), tf.expandDims(dy, -1))];
  }
};

function logProbabilities(x: Tensor): Tensor {
  const shifted = tf.sub(x, tf.max(x, -1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}
