// Sums over many rows, in two stages where one would leave most of the GPU idle.

import type {Tensor} from "@tensorflow/tfjs-core";
import {matrices, run, type Shader} from "./program.js";

/** y[s, c] = Σ x[r, c] over the pairs of rows of slice s. */
const columns: Shader = {
  inputs: ["x"],
  uniforms: ["int pairs", "int perMatrix", "int perSlice"],
  source: `
    vec4 block(int m, int r, int c) {
      vec2 sum = vec2(0.0);
      int end = min((m + 1) * perSlice, pairs);
      for (int p = m * perSlice; p < end; p++) {
        vec4 v = xBlock(p / perMatrix, 2 * (p % perMatrix), c);
        sum += v.xy + v.zw;
      }
      return vec4(sum, 0.0, 0.0);
    }`
};

/** Pairs of rows, and in how many slices to add them up: about as many as each has pairs. */
export function slices(shape: readonly number[]): {pairs: number; perMatrix: number; perSlice: number; count: number} {
  const [batch, rows] = matrices(shape);
  const perMatrix = Math.ceil(rows / 2);
  const pairs = batch * perMatrix;
  const perSlice = pairs <= 64 ? pairs : Math.ceil(Math.sqrt(pairs));
  return {pairs, perMatrix, perSlice, count: Math.ceil(pairs / perSlice)};
}

/** x [..., n] → [n]. */
export function columnSums(x: Tensor): Tensor {
  const n = x.shape[x.rank - 1]!;
  const {pairs, perMatrix, perSlice, count} = slices(x.shape);
  if (count === 1) return run(columns, [x], [n], [pairs, perMatrix, perSlice]);
  const partial = run(columns, [x], [count, 1, n], [pairs, perMatrix, perSlice]);
  const sums = run(columns, [partial], [n], [count, 1, count]);
  partial.dispose();
  return sums;
}

/** y[m, r, c] = Σ x[s, m, r, c], s counting slices of so many matrices. */
const matrixSums: Shader = {
  inputs: ["x"],
  uniforms: ["int slices", "int perSlice"],
  source: `
    vec4 block(int m, int r, int c) {
      vec4 sum = vec4(0.0);
      for (int s = 0; s < slices; s++) sum += xBlock(s * perSlice + m, r, c);
      return sum;
    }`
};

/** x [slices, ...shape] → shape, which has at least two axes. */
export function sliceSums(x: Tensor, shape: readonly number[]): Tensor {
  return run(matrixSums, [x], shape, [x.shape[0]!, matrices(shape)[0]]);
}
