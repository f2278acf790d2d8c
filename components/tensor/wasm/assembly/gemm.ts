import {stripColumns, stripRows} from "./micro";
import {stripColumnsNarrow, stripRowsNarrow} from "./narrow";
import {packColumns, packRows, panelBytes} from "./pack";

/** Rows of A kept in the second-level cache while all panels of B pass over them. */
const BLOCK_BYTES: i32 = 96 * 1024;
/** Steps of the inner dimension between two visits of a tile of C, when both factors are read along their columns. */
const DEPTH: i32 = 256;

/**
 * C[M × N] = op(A)·op(B) + bias[N], row-major, dense; bias 0 is none, and must be with transposeA. A is [M × K] ([K × M] if transposed), B [K × N] ([N × K] if transposed).
 * scratch: room for ceil(N / 8)·8·K floats.
 */
export function gemm(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  transposeA: bool,
  transposeB: bool,
  bias: usize,
  scratch: usize
): void {
  const ldc = (<usize>n) << 2;
  if (transposeA) {
    const lda = (<usize>m) << 2;
    if (transposeB) {
      packColumns(b, (<usize>k) << 2, k, n, scratch);
      gemmColumns(a, lda, scratch, 32, panelBytes(k), c, ldc, m, n, k, false);
    } else {
      gemmColumns(a, lda, b, (<usize>n) << 2, 32, c, ldc, m, n, k, false);
    }
    return;
  }
  const lda = (<usize>k) << 2;
  if (transposeB) {
    packColumns(b, (<usize>k) << 2, k, n, scratch);
    gemmRows(a, lda, scratch, 32, panelBytes(k), c, ldc, m, n, k, bias);
  } else if (m < 16 || n == 8) {
    // Few rows would not pay for the packing. The last panel may read past a row's end: those lanes are dropped.
    gemmRows(a, lda, b, (<usize>n) << 2, 32, c, ldc, m, n, k, bias);
  } else {
    packRows(b, (<usize>n) << 2, k, n, scratch);
    gemmRows(a, lda, scratch, 32, panelBytes(k), c, ldc, m, n, k, bias);
  }
}

/** A row-major; B's panels of 8 columns bPanel bytes apart, their rows ldb bytes apart. */
export function gemmRows(
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  bPanel: usize,
  c: usize,
  ldc: usize,
  m: i32,
  n: i32,
  k: i32,
  bias: usize
): void {
  const rows = max<i32>(4, (BLOCK_BYTES / max<i32>(1, <i32>lda)) & ~3);
  for (let i0 = 0; i0 < m; i0 += rows) {
    const i1 = min<i32>(m, i0 + rows);
    let panel = b;
    for (let j = 0; j < n; j += 8) {
      rowsByWidth(
        a + <usize>i0 * lda,
        lda,
        i1 - i0,
        k,
        1,
        0,
        panel,
        ldb,
        c + <usize>i0 * ldc + (<usize>j << 2),
        ldc,
        n - j,
        bias ? bias + (<usize>j << 2) : 0
      );
      panel += bPanel;
    }
  }
}

/** A[K × M] with rows lda bytes apart; B as above; C (+)= Aᵀ·B. */
export function gemmColumns(
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  bPanel: usize,
  c: usize,
  ldc: usize,
  m: i32,
  n: i32,
  k: i32,
  add: bool
): void {
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min<i32>(DEPTH, k - k0);
    const ak = a + <usize>k0 * lda;
    let panel = b + <usize>k0 * ldb;
    for (let j = 0; j < n; j += 8) {
      columnsByWidth(
        ak,
        lda,
        0,
        panel,
        ldb,
        0,
        depth,
        1,
        c + (<usize>j << 2),
        ldc,
        m,
        n - j,
        add || k0 > 0
      );
      panel += bPanel;
    }
  }
  // K = 0 leaves an empty sum.
  if (k == 0 && !add) memory.fill(c, 0, <usize>m * ldc);
}

/** A strip of the next columns, n of which are left. */
// @ts-ignore: decorator
@inline
export function rowsByWidth(
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
  n: i32,
  bias: usize
): void {
  if (n > 4) stripRows(a, rs, m, run, runs, runStride, panel, ldb, c, ldc, min<i32>(8, n), bias);
  else stripRowsNarrow(a, rs, m, run, runs, runStride, panel, ldb, c, ldc, n, bias);
}

/** The same. */
// @ts-ignore: decorator
@inline
export function columnsByWidth(
  a: usize,
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
  n: i32,
  add: bool
): void {
  if (n > 4) stripColumns(a, lda, aRun, panel, ldb, bRun, run, runs, c, ldc, m, min<i32>(8, n), add);
  else stripColumnsNarrow(a, lda, aRun, panel, ldb, bRun, run, runs, c, ldc, m, n, add);
}
