// float32 numbers rounded to a narrower format, by their bits.

import {loadLanes, storeLanes} from "./lanes";

/**
 * out = x to the nearest number with this many significand bits dropped, of two the even one, and with exponents of at
 * least `lowest` (below it the step stays the same, or the number becomes 0 without subnormals); ±∞ above largest. What is
 * not finite stays.
 */
export function roundToFormat(
  x: usize,
  n: i32,
  out: usize,
  dropped: i32,
  lowest: i32,
  largest: f32,
  subnormals: i32
): void {
  const absolute = i32x4.splat(0x7fffffff);
  const infinity = i32x4.splat(0x7f800000);
  const half = i32x4.splat((1 << (dropped - 1)) - 1);
  const kept = i32x4.splat(~((1 << dropped) - 1));
  const one = i32x4.splat(1);
  const limit = i32x4.splat(reinterpret<i32>(largest));
  const smallest = i32x4.splat((lowest + 127) << 23);
  // Added to a smaller number and taken off again, this leaves it on the subnormal grid: 1.5 · 2^(lowest + dropped).
  const shift = reinterpret<f32>(((lowest + dropped + 127) << 23) | 0x400000);
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const v = loadLanes(x + o, n - i);
    const a = v128.and(v, absolute);
    const sign = v128.andnot(v, absolute);
    const odd = v128.and(i32x4.shr_u(a, dropped), one);
    let r = v128.and(i32x4.add(a, i32x4.add(half, odd)), kept);
    r = v128.bitselect(infinity, r, i32x4.gt_s(r, limit));
    const below = i32x4.lt_s(a, smallest);
    const grid = subnormals ? f32x4.sub(f32x4.add(a, f32x4.splat(shift)), f32x4.splat(shift)) : i32x4.splat(0);
    r = v128.bitselect(grid, r, below);
    const odder = i32x4.ge_s(a, infinity); // ∞ or NaN
    r = v128.bitselect(a, r, odder);
    storeLanes(out + o, v128.or(r, sign), n - i);
  }
}

/** 1 where x is ∞ or NaN, else 0. */
export function nonFinite(x: usize, n: i32, out: usize): void {
  const absolute = i32x4.splat(0x7fffffff);
  const infinity = i32x4.splat(0x7f800000);
  const one = f32x4.splat(1);
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const a = v128.and(loadLanes(x + o, n - i), absolute);
    storeLanes(out + o, v128.and(i32x4.ge_s(a, infinity), one), n - i);
  }
}

/** x, and 0 where it is ∞ or NaN. */
export function finiteOrZero(x: usize, n: i32, out: usize): void {
  const absolute = i32x4.splat(0x7fffffff);
  const infinity = i32x4.splat(0x7f800000);
  for (let i = 0; i < n; i += 4) {
    const o = <usize>i << 2;
    const v = loadLanes(x + o, n - i);
    storeLanes(out + o, v128.and(v, i32x4.lt_s(v128.and(v, absolute), infinity)), n - i);
  }
}
