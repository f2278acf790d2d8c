// Whether the fused ops of the backend in use compute rightly: each op's value and gradients at small inputs, against
// stored numbers. What does not is left out, and the op is composed of tfjs's own.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {AdamW} from "./adamW.js";
import {attention, selfAttention} from "./attention.js";
import {AttentionMask} from "./attentionMask.js";
import {conv2d} from "./convolution.js";
import {type FastOps, fastOps, setFastOps} from "./fast.js";
import {flatten} from "./flatten.js";
import {linear} from "./matMul.js";
import {gelu, layerNorm, softmaxCrossEntropy} from "./normalise.js";
import {read} from "./read.js";
import {type Params, valueAndGrads} from "./valueAndGrads.js";

type OpName = keyof FastOps;

/** 16-bit devices are accepted; what is wrong is seldom wrong by so little. */
const tolerance = 0.02;

/** Numbers between −1 and 1 that repeat after 17. */
export function wave(shape: number[], step: number): Tensor {
  const count = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({length: count}, (_, i) => ((i * step) % 17) / 8 - 1),
    shape
  );
}

/** Leaves the ops out that compute wrongly here, and says which. */
export async function dropFaultyOps(): Promise<OpName[]> {
  const names = (Object.keys(checks) as OpName[]).filter((name) => fastOps()[name] !== undefined);
  const faulty: OpName[] = [];
  for (const name of names) if (!(await isRight(name))) faulty.push(name);
  if (faulty.length > 0) {
    setFastOps(Object.fromEntries(Object.entries(fastOps()).filter(([name]) => !faulty.includes(name as OpName))));
  }
  return faulty;
}

async function isRight(name: OpName): Promise<boolean> {
  // WebGPU tells of a shader that does not compile by an event, which elsewhere ends the backend.
  const {device} = tf.backend() as {device?: GPUDevice};
  device?.pushErrorScope("validation");
  let right = false;
  try {
    const found = await fastOpSums(name);
    const scale = Math.max(...expectedSums[name].map(Math.abs));
    right = expectedSums[name].every((sum, i) => Math.abs(sum - found[i]!) <= tolerance * scale);
  } catch {
    // A kernel that is missing, or WebGL's word on a shader.
  }
  return (await device?.popErrorScope()) ? false : right;
}

/** What is compared: the op's value, weighted and summed, then each gradient likewise. For the test of the stored ones. */
export async function fastOpSums(name: OpName): Promise<number[]> {
  let sizes: number[] = [];
  const line = tf.tidy(() => {
    const parts = checks[name]();
    sizes = parts.map(({size}) => size);
    return tf.concat1d(parts.map((part) => tf.reshape(part, [part.size]))); // a read of a GPU takes longer than all of this
  });
  const values = (await read(line)) as Float32Array;
  line.dispose();
  let from = 0;
  return sizes.map((size) => {
    const part = values.subarray(from, from + size);
    from += size;
    return part.reduce((sum, value, i) => sum + value * (((i * 11) % 17) / 8 - 1), 0);
  });
}

/** The loss Σ f · wave and its gradients. */
function differentiated(params: Params, f: (params: Params) => Tensor): Tensor[] {
  const {loss, grads} = valueAndGrads(params, (p) => {
    const y = f(p);
    return {loss: tf.sum(tf.mul(y, wave(y.shape, 3)))};
  });
  return [loss, ...Object.values(grads)];
}

const checks: Readonly<Record<OpName, () => Tensor[]>> = {
  layerNorm: () =>
    differentiated({x: wave([4, 70], 5), gain: wave([70], 7), bias: wave([70], 4)}, ({x, gain, bias}) =>
      layerNorm(x!, gain!, bias!, 1e-5)
    ),
  gelu: () => differentiated({x: tf.mul(wave([3, 50], 5), 4)}, ({x}) => gelu(x!)),
  softmaxCrossEntropy: () =>
    differentiated({logits: tf.mul(wave([3, 70], 5), 3)}, ({logits}) =>
      softmaxCrossEntropy(logits!, tf.tensor1d([69, 0, 33], "int32"))
    ),
  attention: () =>
    differentiated({q: wave([1, 2, 3, 4], 5), k: wave([1, 2, 5, 4], 7), v: wave([1, 2, 5, 4], 4)}, ({q, k, v}) =>
      attention(q!, k!, v!, tf.mul(tf.cast(tf.greater(wave([3, 5], 6), 0.5), "float32"), -1e9))
    ),
  selfAttention() {
    const mask = new AttentionMask(7, (query, key) => key <= query && query - key !== 2, [
      [0, 1, 2],
      [3, 5],
      [4, 6]
    ]);
    const found = differentiated({qkv: wave([2, 7, 3 * 2 * 5], 5)}, ({qkv}) => selfAttention(qkv!, 2, mask));
    mask.dispose();
    return found;
  },
  linear: () =>
    differentiated({x: wave([70, 5], 5), weight: wave([5, 9], 7), bias: wave([9], 4)}, ({x, weight, bias}) =>
      linear(x!, weight!, bias!)
    ),
  conv2d: () =>
    differentiated({x: wave([2, 5, 4, 3], 5), weight: wave([3, 3, 3, 6], 7), bias: wave([6], 4)}, ({x, weight, bias}) =>
      conv2d(x!, weight!, bias!)
    ),
  flatten: () => [flatten([wave([3, 5], 5), wave([7], 4), wave([2, 3, 4], 3), tf.scalar(2)])],
  adamW() {
    const decays = (name: string) => name === "a";
    const options = {beta1: 0.9, beta2: 0.96, epsilon: 1e-3, weightDecay: 0.1, decays, clipNorm: 1, emaDecay: 0.5};
    const optimizer = new AdamW({a: wave([5, 9], 5), b: wave([30], 7)}, options);
    const norms = [4, 6].map((step) => optimizer.step({a: wave([5, 9], step), b: wave([30], step + 1)}, 0.1).gradNorm);
    const found = [
      ...norms,
      tf.clone(optimizer.flat()),
      ...Object.values(optimizer.emaParams()).map((x) => tf.clone(x))
    ];
    optimizer.dispose();
    return found;
  }
};

/** Of each op, from the compositions. */
export const expectedSums: Readonly<Record<OpName, readonly number[]>> = {
  layerNorm: [7.295902, -8.777985, -0.953604, 5.828125],
  gelu: [-7.212965, -9.091179],
  softmaxCrossEntropy: [10.44097, -0.1841419],
  attention: [0.9135866, -0.02629553, 0.4293783, -0.8126059],
  selfAttention: [6.341232, -2.895093],
  linear: [-23.03906, 17.84961, 8.857422, -0.265625],
  conv2d: [-10.4668, -5.269531, 7.580078, 7.28125],
  flatten: [5.875],
  adamW: [-5.342927, -5.348773, 13.90318, 8.811043, 2.016376]
};
