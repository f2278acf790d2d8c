// Element by element over n numbers.

import {loadLanes, storeLanes} from "./lanes";
import {exp4, log4, sigmoid4} from "./math";

export function exponential(x: usize, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(out + (<usize>i << 2), exp4(v128.load(x + (<usize>i << 2))));
  if (i < n) storeLanes(out + (<usize>i << 2), exp4(loadLanes(x + (<usize>i << 2), n - i)), n - i);
}

export function logarithm(x: usize, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(out + (<usize>i << 2), log4(v128.load(x + (<usize>i << 2))));
  if (i < n) storeLanes(out + (<usize>i << 2), log4(loadLanes(x + (<usize>i << 2), n - i)), n - i);
}

export function logistic(x: usize, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(out + (<usize>i << 2), sigmoid4(v128.load(x + (<usize>i << 2))));
  if (i < n) storeLanes(out + (<usize>i << 2), sigmoid4(loadLanes(x + (<usize>i << 2), n - i)), n - i);
}

// GELU's tanh form: ½x(1 + tanh u) = x·sigmoid(2u), 2u = x(A + Bx²).
const A: f32 = 1.5957691216057308;
const B: f32 = 0.07135481282553427;

// @ts-ignore: decorator
@inline
function gate4(x: v128): v128 {
  return sigmoid4(f32x4.mul(x, f32x4.add(f32x4.mul(f32x4.mul(x, x), f32x4.splat(B)), f32x4.splat(A))));
}

// @ts-ignore: decorator
@inline
function geluSlope4(v: v128): v128 {
  const one = f32x4.splat(1);
  const gate = gate4(v);
  const slope = f32x4.add(f32x4.mul(f32x4.mul(v, v), f32x4.splat(3 * B)), f32x4.splat(A));
  const inner = f32x4.mul(f32x4.mul(v, f32x4.sub(one, gate)), slope);
  return f32x4.mul(gate, f32x4.add(inner, one));
}

/** out = gelu(x). */
export function gelu(x: usize, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = v128.load(x + (<usize>i << 2));
    v128.store(out + (<usize>i << 2), f32x4.mul(v, gate4(v)));
  }
  if (i < n) {
    const v = loadLanes(x + (<usize>i << 2), n - i);
    storeLanes(out + (<usize>i << 2), f32x4.mul(v, gate4(v)), n - i);
  }
}

/** dx = dy · gelu'(x). */
export function geluGradient(x: usize, dy: usize, n: i32, dx: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    v128.store(dx + o, f32x4.mul(v128.load(dy + o), geluSlope4(v128.load(x + o))));
  }
  if (i < n) {
    const o = <usize>i << 2;
    storeLanes(dx + o, f32x4.mul(loadLanes(dy + o, n - i), geluSlope4(loadLanes(x + o, n - i))), n - i);
  }
}

/** dx = dy where y > 0, else 0. */
export function reluGradient(y: usize, dy: usize, n: i32, dx: usize): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    v128.store(dx + o, v128.and(v128.load(dy + o), f32x4.gt(v128.load(y + o), zero)));
  }
  if (i < n) {
    const o = <usize>i << 2;
    storeLanes(dx + o, v128.and(loadLanes(dy + o, n - i), f32x4.gt(loadLanes(y + o, n - i), zero)), n - i);
  }
}

/** Σ x². */
export function sumOfSquares(x: usize, n: i32): f64 {
  let result: f64 = 0;
  for (let i = 0; i < n; i += 4096) {
    const end = min<i32>(n, i + 4096);
    let s = f32x4.splat(0);
    for (let j = i; j < end; j += 4) {
      const v = loadLanes(x + (<usize>j << 2), end - j);
      s = f32x4.add(s, f32x4.mul(v, v));
    }
    result += <f64>f32x4.extract_lane(s, 0) + <f64>f32x4.extract_lane(s, 1);
    result += <f64>f32x4.extract_lane(s, 2) + <f64>f32x4.extract_lane(s, 3);
  }
  return result;
}

/**
 * 0 for what is smaller than 1e-30, which no step can feel. The moments of a parameter without a gradient would end among
 * the subnormal numbers and stay there, and a processor takes a hundred times as long for those.
 */
// @ts-ignore: decorator
@inline
function normal4(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1e-30)));
}

/**
 * One AdamW step over n parameters. g is scaled by clip first. rate and root are the step size and 1 / √(1 − β₂^t) with
 * the bias corrections in them; ema 0 keeps no average. Every output may be its input.
 */
export function adamW(
  g: usize,
  mask: usize,
  p: usize,
  m: usize,
  v: usize,
  ema: usize,
  n: i32,
  clip: f32,
  rate: f32,
  root: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
  emaDecay: f32,
  pOut: usize,
  mOut: usize,
  vOut: usize,
  emaOut: usize
): void {
  const one = f32x4.splat(1);
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const c1 = f32x4.splat(1 - beta1);
  const c2 = f32x4.splat(1 - beta2);
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const k = n - i;
    const grad = f32x4.mul(loadLanes(g + o, k), f32x4.splat(clip));
    const first = normal4(f32x4.add(f32x4.mul(loadLanes(m + o, k), b1), f32x4.mul(grad, c1)));
    const second = normal4(f32x4.add(f32x4.mul(loadLanes(v + o, k), b2), f32x4.mul(f32x4.mul(grad, grad), c2)));
    storeLanes(mOut + o, first, k);
    storeLanes(vOut + o, second, k);
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(second), f32x4.splat(root)), f32x4.splat(epsilon));
    const change = f32x4.mul(f32x4.div(first, scale), f32x4.splat(rate));
    const kept = f32x4.sub(one, f32x4.mul(loadLanes(mask + o, k), f32x4.splat(decay)));
    const next = f32x4.sub(f32x4.mul(loadLanes(p + o, k), kept), change);
    storeLanes(pOut + o, next, k);
    if (ema) {
      const average = f32x4.mul(loadLanes(ema + o, k), f32x4.splat(emaDecay));
      storeLanes(emaOut + o, f32x4.add(average, f32x4.mul(next, f32x4.splat(1 - emaDecay))), k);
    }
  }
}
