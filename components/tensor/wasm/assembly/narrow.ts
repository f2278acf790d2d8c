// The micro-kernels for strips of up to 4 columns: two half sums for each row, as one would wait for its own last addition.

import {loadLanes, storeLanes} from "./lanes";
import {madd4} from "./math";

/** Writes (or adds) one row of a tile, of which nr (1 … 4) columns exist. */
// @ts-ignore: decorator
@inline
function putNarrow(c: usize, v: v128, nr: i32, add: bool): void {
  if (add) v = f32x4.add(v, loadLanes(c, nr));
  storeLanes(c, v, nr);
}

/** stripRows for nr up to 4. Reads 4 columns of B and of bias. */
export function stripRowsNarrow(
  a: usize,
  rs: usize,
  m: i32,
  run: i32,
  runs: i32,
  runStride: usize,
  panel: usize,
  ldb: usize,
  c: usize,
  ldc: usize,
  nr: i32,
  bias: usize
): void {
  const jump = runStride - (<usize>(run - 1) & ~3) * 4;
  for (let i = 0; i < m; i += 4) {
    const mr = m - i;
    let a0 = a;
    let a1 = mr > 1 ? a0 + rs : a0;
    let a2 = mr > 2 ? a1 + rs : a1;
    let a3 = mr > 3 ? a2 + rs : a2;
    let b = panel;
    let c00: v128;
    let c01: v128;
    let c10: v128;
    let c11: v128;
    let c20: v128;
    let c21: v128;
    let c30: v128;
    let c31: v128;
    c00 = bias ? v128.load(bias) : f32x4.splat(0);
    c01 = f32x4.splat(0);
    c10 = c00;
    c11 = c01;
    c20 = c00;
    c21 = c01;
    c30 = c00;
    c31 = c01;
    let b0: v128;
    let s: v128;
    if (run > 0) {
      for (let r = 0; r < runs; ++r) {
        let k = run;
        while (true) {
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a0);
          c00 = madd4(s, b0, c00);
          s = v128.load_splat<f32>(a1);
          c10 = madd4(s, b0, c10);
          s = v128.load_splat<f32>(a2);
          c20 = madd4(s, b0, c20);
          s = v128.load_splat<f32>(a3);
          c30 = madd4(s, b0, c30);
          if (--k == 0) break;
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a0, 4);
          c01 = madd4(s, b0, c01);
          s = v128.load_splat<f32>(a1, 4);
          c11 = madd4(s, b0, c11);
          s = v128.load_splat<f32>(a2, 4);
          c21 = madd4(s, b0, c21);
          s = v128.load_splat<f32>(a3, 4);
          c31 = madd4(s, b0, c31);
          if (--k == 0) break;
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a0, 8);
          c00 = madd4(s, b0, c00);
          s = v128.load_splat<f32>(a1, 8);
          c10 = madd4(s, b0, c10);
          s = v128.load_splat<f32>(a2, 8);
          c20 = madd4(s, b0, c20);
          s = v128.load_splat<f32>(a3, 8);
          c30 = madd4(s, b0, c30);
          if (--k == 0) break;
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a0, 12);
          c01 = madd4(s, b0, c01);
          s = v128.load_splat<f32>(a1, 12);
          c11 = madd4(s, b0, c11);
          s = v128.load_splat<f32>(a2, 12);
          c21 = madd4(s, b0, c21);
          s = v128.load_splat<f32>(a3, 12);
          c31 = madd4(s, b0, c31);
          if (--k == 0) break;
          a0 += 16;
          a1 += 16;
          a2 += 16;
          a3 += 16;
        }
        a0 += jump;
        a1 += jump;
        a2 += jump;
        a3 += jump;
      }
    }
    putNarrow(c, f32x4.add(c00, c01), nr, false);
    if (mr > 1) putNarrow(c + ldc, f32x4.add(c10, c11), nr, false);
    if (mr > 2) putNarrow(c + 2 * ldc, f32x4.add(c20, c21), nr, false);
    if (mr > 3) putNarrow(c + 3 * ldc, f32x4.add(c30, c31), nr, false);
    a += 4 * rs;
    c += 4 * ldc;
  }
}

/** stripColumns for nr up to 4. Reads 4 columns of B. */
export function stripColumnsNarrow(
  from: usize,
  lda: usize,
  aRun: usize,
  panel: usize,
  ldb: usize,
  bRun: usize,
  run: i32,
  runs: i32,
  c: usize,
  ldc: usize,
  m: i32,
  nr: i32,
  add: bool
): void {
  const aJump = aRun - <usize>run * lda;
  const bJump = bRun - <usize>run * ldb;
  for (let i = 0; i < m; i += 4) {
    const mr = m - i;
    let a = from + (<usize>i << 2);
    let b = panel;
    let c00 = f32x4.splat(0);
    let c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c31 = f32x4.splat(0);
    let b0: v128;
    let s: v128;
    if (run > 0) {
      for (let r = 0; r < runs; ++r) {
        let k = run;
        while (true) {
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a);
          c00 = madd4(s, b0, c00);
          s = v128.load_splat<f32>(a, 4);
          c10 = madd4(s, b0, c10);
          s = v128.load_splat<f32>(a, 8);
          c20 = madd4(s, b0, c20);
          s = v128.load_splat<f32>(a, 12);
          c30 = madd4(s, b0, c30);
          a += lda;
          if (--k == 0) break;
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a);
          c01 = madd4(s, b0, c01);
          s = v128.load_splat<f32>(a, 4);
          c11 = madd4(s, b0, c11);
          s = v128.load_splat<f32>(a, 8);
          c21 = madd4(s, b0, c21);
          s = v128.load_splat<f32>(a, 12);
          c31 = madd4(s, b0, c31);
          a += lda;
          if (--k == 0) break;
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a);
          c00 = madd4(s, b0, c00);
          s = v128.load_splat<f32>(a, 4);
          c10 = madd4(s, b0, c10);
          s = v128.load_splat<f32>(a, 8);
          c20 = madd4(s, b0, c20);
          s = v128.load_splat<f32>(a, 12);
          c30 = madd4(s, b0, c30);
          a += lda;
          if (--k == 0) break;
          b0 = v128.load(b);
          b += ldb;
          s = v128.load_splat<f32>(a);
          c01 = madd4(s, b0, c01);
          s = v128.load_splat<f32>(a, 4);
          c11 = madd4(s, b0, c11);
          s = v128.load_splat<f32>(a, 8);
          c21 = madd4(s, b0, c21);
          s = v128.load_splat<f32>(a, 12);
          c31 = madd4(s, b0, c31);
          a += lda;
          if (--k == 0) break;
        }
        a += aJump;
        b += bJump;
      }
    }
    putNarrow(c, f32x4.add(c00, c01), nr, add);
    if (mr > 1) putNarrow(c + ldc, f32x4.add(c10, c11), nr, add);
    if (mr > 2) putNarrow(c + 2 * ldc, f32x4.add(c20, c21), nr, add);
    if (mr > 3) putNarrow(c + 3 * ldc, f32x4.add(c30, c31), nr, add);
    c += 4 * ldc;
  }
}
