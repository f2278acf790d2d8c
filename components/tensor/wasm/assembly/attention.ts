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

/** Copies n numbers. */
// @ts-ignore: decorator
@inline
function copyRow(from: usize, to: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(to + (<usize>i << 2), v128.load(from + (<usize>i << 2)));
  for (; i < n; ++i) store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>i << 2)));
}

/** to += from, n numbers. */
// @ts-ignore: decorator
@inline
function addRow(from: usize, to: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    storeLanes(to + o, f32x4.add(loadLanes(to + o, n - i), loadLanes(from + o, n - i)), n - i);
  }
}

/** The rows of x (stride bytes apart) that the list names, one after the other. */
// @ts-ignore: decorator
@inline
function gather(x: usize, stride: usize, list: usize, count: i32, d: i32, out: usize): void {
  for (let i = 0; i < count; ++i) {
    copyRow(x + <usize>load<i32>(list + (<usize>i << 2)) * stride, out, d);
    out += <usize>d << 2;
  }
}

/** A block's queries, keys and values of one head, one after the other; at: the block in the table. */
// @ts-ignore: decorator
@inline
function gatherBlock(q0: usize, width: usize, at: usize, d: i32, out: usize): void {
  const nq = load<i32>(at);
  const nk = load<i32>(at, 4);
  const queries = at + 8;
  const keys = queries + (<usize>nq << 2);
  const k = out + (<usize>(nq * d) << 2);
  gather(q0, 3 * width, queries, nq, d, out);
  gather(q0 + width, 3 * width, keys, nk, d, k);
  gather(q0 + 2 * width, 3 * width, keys, nk, d, k + (<usize>(nk * d) << 2));
}

/**
 * Attention of each head of qkv [batch × t × (3 · heads · d)], which holds queries, keys and values side by side, block by
 * block: table and bias as in attentionMask.ts (bias 0: none). p: the weights, `pairs` a head; out [batch × t × (heads · d)].
 * scratch: 2 (queries + keys) · d numbers of the largest block, then room for gemm.
 */
export function selfAttention(
  qkv: usize,
  table: usize,
  bias: usize,
  blocks: i32,
  batch: i32,
  heads: i32,
  t: i32,
  d: i32,
  scale: f32,
  p: usize,
  out: usize,
  scratch: usize
): void {
  const width = <usize>(heads * d) << 2;
  for (let b = 0; b < batch; ++b) {
    for (let h = 0; h < heads; ++h) {
      const q0 = qkv + <usize>(b * t) * 3 * width + (<usize>(h * d) << 2);
      const out0 = out + <usize>(b * t) * width + (<usize>(h * d) << 2);
      let at = table;
      let shift = bias;
      for (let i = 0; i < blocks; ++i) {
        const nq = load<i32>(at);
        const nk = load<i32>(at, 4);
        const queries = at + 8;
        const keys = queries + (<usize>nq << 2);
        const q = scratch;
        const k = q + (<usize>(nq * d) << 2);
        const v = k + (<usize>(nk * d) << 2);
        const y = v + (<usize>(nk * d) << 2);
        gatherBlock(q0, width, at, d, q);
        attentionHead(q, k, v, shift, nq, nk, d, scale, p, y, y + (<usize>((nq * d + 3) & ~3) << 2));
        for (let r = 0; r < nq; ++r) {
          copyRow(y + (<usize>(r * d) << 2), out0 + <usize>load<i32>(queries + (<usize>r << 2)) * width, d);
        }
        p += <usize>(nq * nk) << 2;
        if (bias) shift += <usize>(nq * nk) << 2;
        at = keys + (<usize>nk << 2);
      }
    }
  }
}

/**
 * dqkv from dy [batch × t × (heads · d)] and p. scratch: 4 (queries + keys) · d numbers of the largest block, then queries ×
 * keys, then room for gemm.
 */
export function selfAttentionGradient(
  qkv: usize,
  p: usize,
  dy: usize,
  table: usize,
  blocks: i32,
  batch: i32,
  heads: i32,
  t: i32,
  d: i32,
  scale: f32,
  dqkv: usize,
  scratch: usize
): void {
  const width = <usize>(heads * d) << 2;
  memory.fill(dqkv, 0, <usize>(batch * t) * 3 * width);
  for (let b = 0; b < batch; ++b) {
    for (let h = 0; h < heads; ++h) {
      const shift = <usize>(b * t) * 3 * width + (<usize>(h * d) << 2);
      const q0 = qkv + shift;
      const dq0 = dqkv + shift;
      const dy0 = dy + <usize>(b * t) * width + (<usize>(h * d) << 2);
      let at = table;
      for (let i = 0; i < blocks; ++i) {
        const nq = load<i32>(at);
        const nk = load<i32>(at, 4);
        const queries = at + 8;
        const keys = queries + (<usize>nq << 2);
        const rows = <usize>(nq * d) << 2;
        const columns = <usize>(nk * d) << 2;
        const q = scratch;
        const k = q + rows;
        const v = k + columns;
        const d0 = v + columns;
        const dq = d0 + rows;
        const dk = dq + rows;
        const dv = dk + columns;
        gatherBlock(q0, width, at, d, q);
        gather(dy0, width, queries, nq, d, d0);
        attentionHeadGradient(q, k, v, p, d0, nq, nk, d, scale, dq, dk, dv, (dv + columns + 15) & ~15);
        for (let r = 0; r < nq; ++r) {
          const row = <usize>load<i32>(queries + (<usize>r << 2)) * 3 * width;
          copyRow(dq + (<usize>(r * d) << 2), dq0 + row, d);
        }
        for (let c = 0; c < nk; ++c) {
          const row = dq0 + width + <usize>load<i32>(keys + (<usize>c << 2)) * 3 * width;
          addRow(dk + (<usize>(c * d) << 2), row, d);
          addRow(dv + (<usize>(c * d) << 2), row + width, d);
        }
        p += <usize>(nq * nk) << 2;
        at = keys + (<usize>nk << 2);
      }
    }
  }
}
