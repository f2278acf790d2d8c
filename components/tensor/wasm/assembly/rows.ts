// Functions of the rows of a matrix [rows × n].

import {loadLanes, storeLanes} from "./lanes";
import {expNegative4, log4, maxLanes, sumLanes} from "./math";

/** Rows summed in registers before they are added to the result: bounds the rounding error and the cache used. */
const CHUNK: i32 = 128;

/** out[n] = scale · Σ over the rows. */
export function columnSums(x: usize, rows: i32, n: i32, scale: f32, out: usize): void {
  const ld = <usize>n << 2;
  memory.fill(out, 0, ld);
  for (let r = 0; r < rows; r += CHUNK) {
    const count = min<i32>(CHUNK, rows - r);
    const from = x + <usize>r * ld;
    let j = 0;
    for (; j + 16 <= n; j += 16) {
      let p = from + (<usize>j << 2);
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let i = 0; i < count; ++i) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
        p += ld;
      }
      const o = out + (<usize>j << 2);
      v128.store(o, f32x4.add(v128.load(o), s0));
      v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
      v128.store(o, f32x4.add(v128.load(o, 32), s2), 32);
      v128.store(o, f32x4.add(v128.load(o, 48), s3), 48);
    }
    for (; j + 4 <= n; j += 4) {
      let p = from + (<usize>j << 2);
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let i = count;
      if (i & 1) {
        s0 = v128.load(p);
        p += ld;
      }
      for (i >>= 1; i > 0; --i) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p + ld));
        p += 2 * ld;
      }
      const o = out + (<usize>j << 2);
      v128.store(o, f32x4.add(v128.load(o), f32x4.add(s0, s1)));
    }
    for (; j < n; ++j) {
      let p = from + (<usize>j << 2);
      let s: f32 = 0;
      for (let i = 0; i < count; ++i) {
        s += load<f32>(p);
        p += ld;
      }
      const o = out + (<usize>j << 2);
      store<f32>(o, load<f32>(o) + s);
    }
  }
  if (scale != 1) for (let j = 0; j < n; ++j) store<f32>(out + (<usize>j << 2), load<f32>(out + (<usize>j << 2)) * scale);
}

/** The sum of n numbers, in chunks. */
// @ts-ignore: decorator
@inline
export function total(p: usize, n: i32): f32 {
  let sum: f32 = 0;
  for (let i = 0; i < n; i += 4096) {
    const end = min<i32>(n, i + 4096);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let j = i;
    for (; j + 8 <= end; j += 8) {
      s0 = f32x4.add(s0, v128.load(p + (<usize>j << 2)));
      s1 = f32x4.add(s1, v128.load(p + (<usize>j << 2), 16));
    }
    for (; j < end; j += 4) s0 = f32x4.add(s0, loadLanes(p + (<usize>j << 2), end - j));
    sum += sumLanes(f32x4.add(s0, s1));
  }
  return sum;
}

/** out[rows] = scale · Σ over each row. */
export function rowSums(x: usize, rows: i32, n: i32, scale: f32, out: usize): void {
  for (let r = 0; r < rows; ++r) {
    store<f32>(out, total(x, n) * scale);
    x += <usize>n << 2;
    out += 4;
  }
}

/** The largest of n > 0 numbers. */
// @ts-ignore: decorator
@inline
function largest(p: usize, n: i32): f32 {
  let m = f32x4.splat(-Infinity);
  let j = 0;
  // pmax(new, old) keeps NaN of the new; old NaN may be lost, but the sum of the row brings it back.
  for (; j + 4 <= n; j += 4) m = f32x4.pmax(v128.load(p + (<usize>j << 2)), m);
  let result = maxLanes(m);
  for (; j < n; ++j) result = max<f32>(result, load<f32>(p + (<usize>j << 2)));
  return result;
}

/** out = e^(x − shift) over n numbers, none above shift (out may be x); the sum. */
// @ts-ignore: decorator
@inline
function expRow(x: usize, n: i32, shift: f32, out: usize): f32 {
  const by = f32x4.splat(shift);
  let s = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const e = expNegative4(f32x4.sub(v128.load(x + (<usize>j << 2)), by));
    v128.store(out + (<usize>j << 2), e);
    s = f32x4.add(s, e);
  }
  let sum = sumLanes(s);
  if (j < n) {
    const e = expNegative4(f32x4.sub(loadLanes(x + (<usize>j << 2), n - j), by));
    storeLanes(out + (<usize>j << 2), e, n - j);
    for (let i = 0; j < n; ++i, ++j) sum += load<f32>(out + (<usize>j << 2));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function scaleRow(p: usize, n: i32, by: f32): void {
  const factor = f32x4.splat(by);
  let j = 0;
  for (; j + 4 <= n; j += 4) v128.store(p + (<usize>j << 2), f32x4.mul(v128.load(p + (<usize>j << 2)), factor));
  for (; j < n; ++j) store<f32>(p + (<usize>j << 2), load<f32>(p + (<usize>j << 2)) * by);
}

/** out = softmax(x) row by row; out may be x. */
export function softmaxRows(x: usize, rows: i32, n: i32, out: usize): void {
  for (let r = 0; r < rows; ++r) {
    const sum = expRow(x, n, largest(x, n), out);
    scaleRow(out, n, 1 / sum);
    x += <usize>n << 2;
    out += <usize>n << 2;
  }
}

/** dx = y · (dy − Σ y·dy) row by row, for y = softmax(x), times scale; dx may be dy. */
export function softmaxRowsGradient(y: usize, dy: usize, rows: i32, n: i32, scale: f32, dx: usize): void {
  const factor = f32x4.splat(scale);
  for (let r = 0; r < rows; ++r) {
    let s = f32x4.splat(0);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const o = <usize>j << 2;
      s = f32x4.add(s, f32x4.mul(v128.load(y + o), v128.load(dy + o)));
    }
    let sum = sumLanes(s);
    for (; j < n; ++j) sum += load<f32>(y + (<usize>j << 2)) * load<f32>(dy + (<usize>j << 2));
    const along = f32x4.splat(sum);
    for (j = 0; j + 4 <= n; j += 4) {
      const o = <usize>j << 2;
      const d = f32x4.sub(v128.load(dy + o), along);
      v128.store(dx + o, f32x4.mul(f32x4.mul(v128.load(y + o), d), factor));
    }
    for (; j < n; ++j) {
      const o = <usize>j << 2;
      store<f32>(dx + o, load<f32>(y + o) * (load<f32>(dy + o) - sum) * scale);
    }
    y += <usize>n << 2;
    dy += <usize>n << 2;
    dx += <usize>n << 2;
  }
}

/** out[rows] = −ln softmax(x)[label], and probabilities[rows × n] = softmax(x). labels: int32, in range. */
export function crossEntropyRows(x: usize, labels: usize, rows: i32, n: i32, probabilities: usize, out: usize): void {
  for (let r = 0; r < rows; ++r) {
    const m = largest(x, n);
    const sum = expRow(x, n, m, probabilities);
    scaleRow(probabilities, n, 1 / sum);
    const chosen = load<f32>(x + (<usize>load<i32>(labels) << 2));
    store<f32>(out, f32x4.extract_lane(log4(f32x4.splat(sum)), 0) - (chosen - m));
    x += <usize>n << 2;
    probabilities += <usize>n << 2;
    labels += 4;
    out += 4;
  }
}

/** dx = (probabilities − one-hot(label)) · dy[row]. */
export function crossEntropyRowsGradient(
  probabilities: usize,
  labels: usize,
  dy: usize,
  rows: i32,
  n: i32,
  dx: usize
): void {
  for (let r = 0; r < rows; ++r) {
    const by = load<f32>(dy);
    const factor = f32x4.splat(by);
    for (let j = 0; j < n; j += 4) {
      const o = <usize>j << 2;
      storeLanes(dx + o, f32x4.mul(loadLanes(probabilities + o, n - j), factor), n - j);
    }
    const at = dx + (<usize>load<i32>(labels) << 2);
    store<f32>(at, load<f32>(at) - by);
    probabilities += <usize>n << 2;
    dx += <usize>n << 2;
    labels += 4;
    dy += 4;
  }
}
