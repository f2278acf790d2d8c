// Plain float64 loops that the kernels are held against.

import {stream} from "../../../data/random.js";

/** n normal numbers of this name. */
export function normals(name: string, n: number): Float32Array {
  return stream(7, "test/tensor/wasm", name).fillNormal(new Float32Array(n));
}

/** The largest difference, relative to the largest magnitude of the expected values (at least 1). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < expected.length; ++i) {
    const d = Math.abs(actual[i]! - expected[i]!);
    difference = Number.isNaN(d) ? Number.POSITIVE_INFINITY : Math.max(difference, d);
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return difference / scale;
}

/** op(a)·op(b) of one pair of matrices: [m, k]·[k, n]. */
export function matMul(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, k, n]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean
): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; ++i) {
    for (let j = 0; j < n; ++j) {
      let sum = 0;
      for (let t = 0; t < k; ++t)
        sum += a[transposeA ? t * m + i : i * k + t]! * b[transposeB ? j * k + t : t * n + j]!;
      out[i * n + j] = sum;
    }
  }
  return out;
}

export interface Convolution {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly out: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Rows above and columns to the left. */
  readonly pad: readonly [number, number];
}

/** Calls back with the flat indices of every product x·filter that adds to y. */
function eachProduct(c: Convolution, visit: (x: number, filter: number, y: number) => void): void {
  const [height, width] = c.size;
  const [kh, kw] = c.kernel;
  const [oh, ow] = c.out;
  for (let n = 0; n < c.batch; ++n)
    for (let v = 0; v < oh; ++v)
      for (let u = 0; u < ow; ++u)
        for (let t = 0; t < kh; ++t)
          for (let s = 0; s < kw; ++s) {
            const row = v * c.stride[0] + t - c.pad[0];
            const column = u * c.stride[1] + s - c.pad[1];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            const x = ((n * height + row) * width + column) * c.inputs;
            const y = ((n * oh + v) * ow + u) * c.outputs;
            const f = (t * kw + s) * c.inputs * c.outputs;
            for (let i = 0; i < c.inputs; ++i)
              for (let o = 0; o < c.outputs; ++o) visit(x + i, f + i * c.outputs + o, y + o);
          }
}

export const lengths = (c: Convolution) => ({
  x: c.batch * c.size[0] * c.size[1] * c.inputs,
  filter: c.kernel[0] * c.kernel[1] * c.inputs * c.outputs,
  y: c.batch * c.out[0] * c.out[1] * c.outputs
});

export function conv2d(c: Convolution, x: ArrayLike<number>, filter: ArrayLike<number>): Float64Array {
  const y = new Float64Array(lengths(c).y);
  eachProduct(c, (i, f, o) => {
    y[o]! += x[i]! * filter[f]!;
  });
  return y;
}

export function conv2dInputGradient(c: Convolution, dy: ArrayLike<number>, filter: ArrayLike<number>): Float64Array {
  const dx = new Float64Array(lengths(c).x);
  eachProduct(c, (i, f, o) => {
    dx[i]! += dy[o]! * filter[f]!;
  });
  return dx;
}

export function conv2dFilterGradient(c: Convolution, x: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  const df = new Float64Array(lengths(c).filter);
  eachProduct(c, (i, f, o) => {
    df[f]! += x[i]! * dy[o]!;
  });
  return df;
}

/** Calls back with every index of the shape in row-major order. */
export function eachIndex(shape: readonly number[], visit: (index: number[]) => void, index: number[] = []): void {
  if (index.length === shape.length) visit(index);
  else for (let i = 0; i < shape[index.length]!; ++i) eachIndex(shape, visit, [...index, i]);
}

/** The place of an index in row-major order. */
export const flat = (shape: readonly number[], index: readonly number[]) =>
  shape.reduce((at, n, axis) => at * n + index[axis]!, 0);
/** How many numbers a shape holds. */
export const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
