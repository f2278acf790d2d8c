// softmax(scale · q·kᵀ + bias)·v for one head after the other, and its gradient. q [t × d], k and v [s × d].

import {gemm} from "./gemm";
import {loadLanes, storeLanes} from "./lanes";
import {softmaxRows, softmaxRowsGradient} from "./rows";

/** p[t × s] = softmax(scale · q·kᵀ + bias), bias 0: none; out[t × d] = p·v. scratch: for gemm. */
export function attentionHead(
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  t: i32,
  s: i32,
  d: i32,
  scale: f32,
  p: usize,
  out: usize,
  scratch: usize
): void {
  gemm(q, k, p, t, s, d, false, true, 0, scratch);
  const factor = f32x4.splat(scale);
  const n = t * s;
  if (bias) {
    for (let i = 0; i < n; i += 4) {
      const o = <usize>i << 2;
      storeLanes(p + o, f32x4.add(f32x4.mul(loadLanes(p + o, n - i), factor), loadLanes(bias + o, n - i)), n - i);
    }
  } else {
    for (let i = 0; i < n; i += 4) {
      const o = <usize>i << 2;
      storeLanes(p + o, f32x4.mul(loadLanes(p + o, n - i), factor), n - i);
    }
  }
  softmaxRows(p, t, s, p);
  gemm(p, v, out, t, d, s, false, false, 0, scratch);
}

/** dq, dk and dv from dy [t × d] and p. scratch: t × s numbers, then room for gemm. */
export function attentionHeadGradient(
  q: usize,
  k: usize,
  v: usize,
  p: usize,
  dy: usize,
  t: i32,
  s: i32,
  d: i32,
  scale: f32,
  dq: usize,
  dk: usize,
  dv: usize,
  scratch: usize
): void {
  const dp = scratch;
  const room = scratch + (<usize>(t * s + 3) & ~3) * 4;
  gemm(p, dy, dv, s, d, t, true, false, 0, room);
  gemm(dy, v, dp, t, s, d, false, true, 0, room);
  softmaxRowsGradient(p, dp, t, s, scale, dp);
  gemm(dp, k, dq, t, d, s, false, false, 0, room);
  gemm(dp, q, dk, s, d, t, true, false, 0, room);
}
