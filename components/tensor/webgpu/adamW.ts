import type {Scalar, Tensor1D} from "@tensorflow/tfjs-core";
import type {AdamWBuffers, AdamWUpdate, FastOps} from "../fast.js";
import {sumOf} from "./reduction.js";
import {make, run, type Shader, takeOver} from "./shader.js";

const LANES = 256;

/** Σ g², of the pieces of g that fall to a workgroup in turn: at most LANES sums. */
const squares: Shader = {
  name: "sum of squares",
  inputs: {g: "f32"},
  outputs: ["sums"],
  uniforms: {size: "i32", groups: "i32"},
  lanes: LANES,
  shared: sumOf,
  main: `
    var total = 0.0;
    for (var i = index; i < u.size; i += u.groups * LANES) { total += g[i] * g[i]; }
    total = sumOf(total, lane);
    if (lane == 0 && group < u.groups) { sums[group] = total; }`
};

/** Parameters of an invocation, so that a workgroup adds up the norm for more of them. */
const EACH = 4;

/**
 * N = √Σ sums, g' = g·min(1, clipNorm / (N + 1e-6)) if clipNorm > 0; m ← β₁m + (1 − β₁)g', v ← β₂v + (1 − β₂)g'²,
 * p ← p·(1 − mask·decay) − rate·m / (√v·root + ε) with rate = learning rate / (1 − β₁ᵗ) and root = 1/√(1 − β₂ᵗ), and
 * ema ← average·ema + (1 − average)·p. Every workgroup adds up the norm for itself.
 */
const update = (averaged: boolean): Shader => ({
  name: averaged ? "adamW with an average" : "adamW",
  inputs: {g: "f32", mask: "f32", sums: "f32"},
  outputs: ["norm", "p", "m", "v", ...(averaged ? ["ema"] : [])],
  uniforms: {
    size: "i32",
    parts: "i32",
    clipNorm: "f32",
    rate: "f32",
    root: "f32",
    beta1: "f32",
    rest1: "f32",
    beta2: "f32",
    rest2: "f32",
    epsilon: "f32",
    decay: "f32",
    average: "f32",
    rest: "f32"
  },
  lanes: LANES,
  shared: sumOf,
  main: `
    var part = 0.0;
    if (lane < u.parts) { part = sums[lane]; }
    let length = sqrt(sumOf(part, lane));
    if (index == 0) { norm[0] = length; }
    var clip = 1.0;
    if (u.clipNorm > 0.0) { clip = min(1.0, u.clipNorm / (length + 1e-6)); }
    for (var k = 0; k < ${EACH}; k++) {
      let i = (group * ${EACH} + k) * LANES + lane;
      if (i < u.size) {
        let slope = g[i] * clip;
        let first = u.beta1 * m[i] + u.rest1 * slope;
        let second = u.beta2 * v[i] + u.rest2 * slope * slope;
        let next = p[i] * (1.0 - mask[i] * u.decay) - u.rate * first / (sqrt(second) * u.root + u.epsilon);
        m[i] = first;
        v[i] = second;
        p[i] = next;
        ${averaged ? "ema[i] = u.average * ema[i] + u.rest * next;" : ""}
      }
    }`
});
const [withAverage, withoutAverage] = [update(true), update(false)];

export function adamW(
  grads: Tensor1D,
  {params, m, v, ema, mask}: AdamWBuffers,
  {step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, emaDecay}: AdamWUpdate
): ReturnType<FastOps["adamW"]> {
  const {size} = params;
  const parts = Math.min(LANES, Math.ceil(size / (LANES * EACH)));
  const sums = make([parts]);
  run(squares, [grads], [sums], [size, parts], parts);
  const next = <T extends Tensor1D | null>(buffer: T) => (buffer ? takeOver(buffer) : null) as T;
  const out = {params: next(params), m: next(m), v: next(v), ema: next(ema)};
  const gradNorm = make([]) as Scalar;
  run(
    out.ema ? withAverage : withoutAverage,
    [grads, mask, sums],
    [gradNorm, out.params, out.m, out.v, ...(out.ema ? [out.ema] : [])],
    [
      ...[size, parts, clipNorm, learningRate / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)],
      ...[beta1, 1 - beta1, beta2, 1 - beta2, epsilon, learningRate * weightDecay, emaDecay, 1 - emaDecay]
    ],
    Math.ceil(size / (LANES * EACH))
  );
  sums.dispose();
  return {...out, gradNorm};
}
