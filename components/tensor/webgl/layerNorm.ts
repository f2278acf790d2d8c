import {reshape, slice} from "@tensorflow/tfjs-core";
import type {DifferentiableOp} from "../fast.js";
import {run, type Shader} from "./program.js";
import {slices} from "./sums.js";

/** Of each row the mean, and 1 / √(variance + epsilon). */
const statistics: Shader = {
  inputs: ["x"],
  uniforms: ["int n", "float epsilon"],
  source: `
    vec4 block(int m, int r, int c) {
      vec2 sum = vec2(0.0);
      for (int k = 0; k < n; k += 2) {
        vec4 v = xBlock(m, r, k);
        sum += v.xz + v.yw;
      }
      vec2 mean = sum / float(n);
      sum = vec2(0.0);
      for (int k = 0; k < n; k += 2) {
        vec4 v = xBlock(m, r, k) - mean.xxyy;
        if (k + 1 == n) v.yw = vec2(0.0);
        v *= v;
        sum += v.xz + v.yw;
      }
      vec2 inverse = inversesqrt(sum / float(n) + epsilon);
      return vec4(mean.x, inverse.x, mean.y, inverse.y);
    }`
};

/** x̂ = (x − mean) · inverse. */
const NORMAL = `
  vec4 normal(int m, int r, int c) {
    vec4 s = statisticsBlock(m, r, 0);
    return (xBlock(m, r, c) - s.xxzz) * s.yyww;
  }`;

/** y = gain · x̂ + bias. */
const output: Shader = {
  inputs: ["x", "statistics", "gain", "bias"],
  source: `${NORMAL}
    vec4 block(int m, int r, int c) {
      return normal(m, r, c) * vec2(gain(c), gain(c + 1)).xyxy + vec2(bias(c), bias(c + 1)).xyxy;
    }`
};

/** Of each row the means of d and d · x̂, d = gain · dy. */
const means: Shader = {
  inputs: ["dy", "x", "statistics", "gain"],
  uniforms: ["int n"],
  source: `${NORMAL}
    vec4 block(int m, int r, int c) {
      vec4 sum = vec4(0.0);
      for (int k = 0; k < n; k += 2) {
        vec4 d = dyBlock(m, r, k) * vec2(gain(k), gain(k + 1)).xyxy;
        vec4 along = d * normal(m, r, k);
        sum += vec4(d.x + d.y, along.x + along.y, d.z + d.w, along.z + along.w);
      }
      return sum / float(n);
    }`
};

/** dx = inverse · (d − mean d − x̂ · mean(d · x̂)). */
const ofInput: Shader = {
  inputs: ["dy", "x", "statistics", "gain", "means"],
  source: `${NORMAL}
    vec4 block(int m, int r, int c) {
      vec4 d = dyBlock(m, r, c) * vec2(gain(c), gain(c + 1)).xyxy;
      vec4 mean = meansBlock(m, r, 0);
      return statisticsBlock(m, r, 0).yyww * (d - mean.xxzz - normal(m, r, c) * mean.yyww);
    }`
};

/** Of each slice of the rows Σ dy · x̂, and below it Σ dy. */
const parameters: Shader = {
  inputs: ["dy", "x", "statistics"],
  uniforms: ["int pairs", "int perMatrix", "int perSlice"],
  source: `${NORMAL}
    vec4 block(int m, int r, int c) {
      vec4 sum = vec4(0.0);
      int end = min((m + 1) * perSlice, pairs);
      for (int p = m * perSlice; p < end; p++) {
        int matrix = p / perMatrix, row = 2 * (p % perMatrix);
        vec4 d = dyBlock(matrix, row, c);
        vec4 along = d * normal(matrix, row, c);
        sum += vec4(along.xy + along.zw, d.xy + d.zw);
      }
      return sum;
    }`
};

/** Σ over the slices. Flat, so that tfjs can take the halves apart without a draw. */
const total: Shader = {
  inputs: ["x"],
  uniforms: ["int slices", "int size"],
  source: `
    float value(int i) {
      float sum = 0.0;
      for (int s = 0; s < slices; s++) sum += x(s * size + i);
      return sum;
    }`
};

export const layerNorm: DifferentiableOp<{epsilon: number}> = {
  forward([x, gain, bias], _, {epsilon}) {
    const rows = run(statistics, [x!], [...x!.shape.slice(0, -1), 2], [gain!.size, epsilon]);
    return {output: run(output, [x!, rows, gain!, bias!], x!.shape), saved: [x!, rows, gain!]};
  },
  backward(dy, [x, rows, gain]) {
    const n = gain!.size;
    const {pairs, perMatrix, perSlice, count} = slices(x!.shape);
    const rowMeans = run(means, [dy, x!, rows!, gain!], rows!.shape, [n]);
    const dx = run(ofInput, [dy, x!, rows!, gain!, rowMeans], x!.shape);
    const partial = run(parameters, [dy, x!, rows!], [count, 2, n], [pairs, perMatrix, perSlice]);
    const sums = run(total, [partial], [2, n], [count, 2 * n]);
    return [dx, reshape(slice(sums, [0, 0], [1, n]), [n]), reshape(slice(sums, [1, 0], [1, n]), [n])];
  }
};
