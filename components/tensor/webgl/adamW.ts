// AdamW as adamW.ts composes it. The gradient's norm stays on the GPU: the shaders compute the clipping from it.

import {type Scalar, type Tensor, type Tensor1D, tidy} from "@tensorflow/tfjs-core";
import type {FastOps} from "../fast.js";
import {run, type Shader} from "./program.js";

/** Σ f(x) over windows. */
const windowSums = (f: (x: string) => string): Shader => ({
  inputs: ["x"],
  uniforms: ["int n", "int window"],
  source: `
    float value(int i) {
      float sum = 0.0;
      int end = min((i + 1) * window, n);
      for (int k = i * window; k < end; k++) {
        float v = x(k);
        sum += ${f("v")};
      }
      return sum;
    }`
});
const squares = windowSums((v) => `${v} * ${v}`);
const sums = windowSums((v) => v);
const root: Shader = {
  inputs: ["x"],
  uniforms: ["int n"],
  source: `
    float value(int i) {
      float sum = 0.0;
      for (int k = 0; k < n; k++) sum += x(k);
      return sqrt(sum);
    }`
};

/** √Σ x², summed in three stages. */
function norm(x: Tensor1D): Scalar {
  const window = Math.max(2, Math.ceil(x.size ** (1 / 3)));
  return tidy(() => {
    let sum = run(squares, [x], [Math.ceil(x.size / window)], [x.size, window]);
    while (sum.size > window) sum = run(sums, [sum], [Math.ceil(sum.size / window)], [sum.size, window]);
    return run(root, [sum], [], [sum.size]) as Scalar;
  });
}

/** g, clipped: the gradient times min(1, clipNorm / (norm + 10⁻⁶)). */
const GRADIENT = `
  float gradient(int i) {
    float g = grads(i);
    return clipNorm > 0.0 ? g * min(1.0, clipNorm / (norm(0) + 1e-6)) : g;
  }`;

/** m' = βm + (1 − β)g, or v' = βv + (1 − β)g². */
const moment = (g: string): Shader => ({
  inputs: ["old", "grads", "norm"],
  uniforms: ["float clipNorm", "float beta", "float rest"],
  source: `${GRADIENT}
    float value(int i) {
      float g = gradient(i);
      return old(i) * beta + ${g} * rest;
    }`
});
const first = moment("g");
const second = moment("g * g");

/** p' = p(1 − decay · mask) − rate · m' / (√v' / root + ε), m' the mean and v' the spread; rate and root hold the bias corrections. */
const updated: Shader = {
  inputs: ["params", "mean", "spread", "mask"],
  uniforms: ["float rate", "float root", "float epsilon", "float decay"],
  source: `
    float value(int i) {
      return params(i) * (1.0 - mask(i) * decay) - mean(i) / (sqrt(spread(i)) / root + epsilon) * rate;
    }`
};

/** ema' = decay · ema + (1 − decay)p'. */
const averaged: Shader = {
  inputs: ["ema", "params"],
  uniforms: ["float decay", "float rest"],
  source: "float value(int i) { return ema(i) * decay + params(i) * rest; }"
};

export const adamW: FastOps["adamW"] = (grads, {params, m, v, ema, mask}, update) => {
  const {step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, emaDecay} = update;
  const gradNorm = norm(grads);
  const flat = (shader: Shader, inputs: Tensor[], uniforms: number[]) =>
    run(shader, inputs, params.shape, uniforms) as Tensor1D;
  const nextM = flat(first, [m, grads, gradNorm], [clipNorm, beta1, 1 - beta1]);
  const nextV = flat(second, [v, grads, gradNorm], [clipNorm, beta2, 1 - beta2]);
  const next = flat(
    updated,
    [params, nextM, nextV, mask],
    [learningRate / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step), epsilon, learningRate * weightDecay]
  );
  return {
    params: next,
    m: nextM,
    v: nextV,
    ema: ema && flat(averaged, [ema, next], [emaDecay, 1 - emaDecay]),
    gradNorm
  };
};
