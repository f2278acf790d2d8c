// Layer normalisation of the rows of a matrix [rows × n], and its gradient.

import {loadLanes, storeLanes} from "./lanes";
import {sumLanes} from "./math";
import {total} from "./rows";

/** out = gain · normal + bias, normal = (x − mean) · inverse; statistics[rows × 2] keeps mean and inverse. */
export function layerNorm(
  x: usize,
  gain: usize,
  bias: usize,
  rows: i32,
  n: i32,
  epsilon: f32,
  statistics: usize,
  out: usize
): void {
  const size = <f32>n;
  for (let r = 0; r < rows; ++r) {
    const mean = total(x, n) / size;
    const by = f32x4.splat(mean);
    let s = f32x4.splat(0);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const d = f32x4.sub(v128.load(x + (<usize>j << 2)), by);
      s = f32x4.add(s, f32x4.mul(d, d));
    }
    let squares = sumLanes(s);
    for (; j < n; ++j) {
      const d = load<f32>(x + (<usize>j << 2)) - mean;
      squares += d * d;
    }
    const inverse: f32 = 1 / sqrt<f32>(squares / size + epsilon);
    const factor = f32x4.splat(inverse);
    for (j = 0; j < n; j += 4) {
      const o = <usize>j << 2;
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + o, n - j), by), factor);
      storeLanes(out + o, f32x4.add(f32x4.mul(normal, loadLanes(gain + o, n - j)), loadLanes(bias + o, n - j)), n - j);
    }
    store<f32>(statistics, mean);
    store<f32>(statistics, inverse, 4);
    x += <usize>n << 2;
    out += <usize>n << 2;
    statistics += 8;
  }
}

/** dx, dgain[n] and dbias[n] from dy. */
export function layerNormGradient(
  dy: usize,
  x: usize,
  gain: usize,
  statistics: usize,
  rows: i32,
  n: i32,
  dx: usize,
  dgain: usize,
  dbias: usize
): void {
  memory.fill(dgain, 0, <usize>n << 2);
  memory.fill(dbias, 0, <usize>n << 2);
  const size = <f32>n;
  for (let r = 0; r < rows; ++r) {
    const mean = f32x4.splat(load<f32>(statistics));
    const inverse = load<f32>(statistics, 4);
    const factor = f32x4.splat(inverse);
    let sum = f32x4.splat(0);
    let along = sum;
    for (let j = 0; j < n; j += 4) {
      const o = <usize>j << 2;
      const m = n - j;
      const d = loadLanes(dy + o, m);
      // Lanes past the end: d is zero there.
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + o, m), mean), factor);
      const product = f32x4.mul(d, normal);
      storeLanes(dgain + o, f32x4.add(loadLanes(dgain + o, m), product), m);
      storeLanes(dbias + o, f32x4.add(loadLanes(dbias + o, m), d), m);
      const g = loadLanes(gain + o, m);
      sum = f32x4.add(sum, f32x4.mul(d, g));
      along = f32x4.add(along, f32x4.mul(product, g));
    }
    const meanD = f32x4.splat(sumLanes(sum) / size);
    const meanAlong = f32x4.splat(sumLanes(along) / size);
    for (let j = 0; j < n; j += 4) {
      const o = <usize>j << 2;
      const m = n - j;
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + o, m), mean), factor);
      const d = f32x4.mul(loadLanes(dy + o, m), loadLanes(gain + o, m));
      const inner = f32x4.sub(f32x4.sub(d, meanD), f32x4.mul(normal, meanAlong));
      storeLanes(dx + o, f32x4.mul(inner, factor), m);
    }
    dy += <usize>n << 2;
    x += <usize>n << 2;
    dx += <usize>n << 2;
    statistics += 8;
  }
}
