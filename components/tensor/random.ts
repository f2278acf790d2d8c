// Tensors of seeded random numbers: drawn by data/random.ts, so the same on every backend and in Node.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {Stream} from "../../data/random.js";

/** Normal numbers with mean 0 and the given standard deviation. */
export function normalTensor(stream: Stream, shape: readonly number[], std = 1): Tensor {
  const values = stream.fillNormal(new Float32Array(tf.util.sizeFromShape([...shape])));
  if (std !== 1) for (let i = 0; i < values.length; ++i) values[i] = values[i]! * std;
  return tf.tensor(values, [...shape]);
}

/** Standard Gumbel numbers, −ln(−ln u). */
export function gumbelTensor(stream: Stream, shape: readonly number[]): Tensor {
  return tf.tensor(stream.fillGumbel(new Float32Array(tf.util.sizeFromShape([...shape]))), [...shape]);
}

/** Uniform numbers in (0, 1]: the largest of the stream's may round to 1 in float32. */
export function uniformTensor(stream: Stream, shape: readonly number[]): Tensor {
  return tf.tensor(stream.fillUniform(new Float32Array(tf.util.sizeFromShape([...shape]))), [...shape]);
}
