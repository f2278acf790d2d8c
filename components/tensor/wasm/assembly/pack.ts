// Packing B into panels of 8 columns, [panel][K][8], missing columns zero, so that a micro-kernel reads it in order.

import {loadLanes} from "./lanes";

/** Bytes of the packed form of K × N. */
// @ts-ignore: decorator
@inline
export function panelBytes(k: i32): usize {
  return <usize>k << 5;
}

/** B[K × N] in row-major order, rows ldb bytes apart. */
export function packRows(b: usize, ldb: usize, k: i32, n: i32, out: usize): void {
  for (let j = 0; j < n; j += 8) {
    const nr = n - j;
    let p = b + (<usize>j << 2);
    const end = out + panelBytes(k);
    if (nr >= 8) {
      while (out < end) {
        v128.store(out, v128.load(p));
        v128.store(out, v128.load(p, 16), 16);
        p += ldb;
        out += 32;
      }
    } else {
      const zero = f32x4.splat(0);
      while (out < end) {
        v128.store(out, loadLanes(p, nr));
        v128.store(out, nr > 4 ? loadLanes(p + 16, nr - 4) : zero, 16);
        p += ldb;
        out += 32;
      }
    }
  }
}

/** B given transposed: element (k, n) at b + n·ldb + 4k. */
export function packColumns(b: usize, ldb: usize, k: i32, n: i32, out: usize): void {
  for (let j = 0; j < n; j += 8) {
    packColumnsPanel(b + <usize>j * ldb, ldb, k, n - j, out);
    out += panelBytes(k);
  }
}

/** One panel of the above, of n (any number above 0) columns. */
export function packColumnsPanel(b: usize, ldb: usize, k: i32, n: i32, out: usize): void {
  const nr = n < 8 ? n : 8;
  for (let half = 0; half < 8; half += 4) {
    const m = nr - half;
    const q = out + (<usize>half << 2);
    if (m <= 0) {
      const zero = f32x4.splat(0);
      for (let i = 0; i < k; ++i) v128.store(q + (<usize>i << 5), zero);
    } else {
      const p0 = b + <usize>half * ldb;
      const p1 = m > 1 ? p0 + ldb : p0;
      const p2 = m > 2 ? p1 + ldb : p1;
      const p3 = m > 3 ? p2 + ldb : p2;
      const zero = f32x4.splat(0);
      let i = 0;
      for (; i + 4 <= k; i += 4) {
        const o = <usize>i << 2;
        const r0 = v128.load(p0 + o);
        const r1 = m > 1 ? v128.load(p1 + o) : zero;
        const r2 = m > 2 ? v128.load(p2 + o) : zero;
        const r3 = m > 3 ? v128.load(p3 + o) : zero;
        const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
        const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
        const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        const d = q + (<usize>i << 5);
        v128.store(d, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
        v128.store(d, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 32);
        v128.store(d, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 64);
        v128.store(d, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 96);
      }
      for (; i < k; ++i) {
        const o = <usize>i << 2;
        const d = q + (<usize>i << 5);
        store<f32>(d, load<f32>(p0 + o));
        store<f32>(d, m > 1 ? load<f32>(p1 + o) : 0, 4);
        store<f32>(d, m > 2 ? load<f32>(p2 + o) : 0, 8);
        store<f32>(d, m > 3 ? load<f32>(p3 + o) : 0, 12);
      }
    }
  }
}
