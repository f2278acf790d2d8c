// PowerSGD for one matrix (Vogels, Karimireddy and Jaggi 2019), as DALL·E uses it (section 2.5, appendix E). A gradient
// M (m × n) is sent as two thin factors, P (m × r) and Q′ (n × r), each averaged over the workers.

import type {Stream} from "../../../data/random.js";
import {paperDistributed} from "../../models/paper.js";
import {type Matrix, matrix, times, timesTransposed, transposedTimes} from "./matrices.js";

/** Added to the diagonal before P is made orthonormal: columns that are nought stay independent. */
const {epsilon} = paperDistributed;

/** The rank that a matrix can have at most. */
export function rankOf({rows, columns}: {rows: number; columns: number}, rank: number): number {
  return Math.min(rank, rows, columns);
}

/** A random Q (n × r), standard normal. */
export function randomFactor(n: number, r: number, stream: Stream): Matrix {
  return matrix(n, r, stream.fillNormal(new Float32Array(n * r)));
}

/** What a worker sends first: P = M Q. */
export function project(m: Matrix, q: Matrix): Matrix {
  return times(m, q);
}

/** What it sends second, once P has been averaged and made orthonormal: Q′ = Mᵀ P. */
export function coefficients(m: Matrix, p: Matrix): Matrix {
  return transposedTimes(m, p);
}

/** What all workers then take for the averaged gradient: Ĝ = P Q′ᵀ. */
export function approximation(p: Matrix, q: Matrix): Matrix {
  return timesTransposed(p, q);
}

/**
 * An orthonormal basis of the columns of P + εI, by Householder's reflections. However alike the columns are, the result
 * is orthonormal to rounding.
 */
export function householder({rows: m, columns: r, data}: Matrix): Matrix {
  if (r > m) throw new Error(`householder: expected at most ${m} columns, got ${r}`);
  const a = Float64Array.from(data);
  for (let k = 0; k < r; ++k) a[k * r + k]! += epsilon;
  // Reflection k is I − 2 v vᵀ; v lies in column k from row k on.
  const vs = Array.from({length: r}, (_, k) => {
    const v = new Float64Array(m);
    for (let i = k; i < m; ++i) v[i] = a[i * r + k]!;
    const length = norm(v);
    v[k]! += v[k]! < 0 ? -length : length;
    const scale = norm(v);
    for (let i = k; i < m; ++i) v[i]! /= scale || 1;
    reflect(a, r, v, k);
    return v;
  });
  // The reflections undone, last first, on the first r columns of I.
  const out = new Float64Array(m * r);
  for (let k = 0; k < r; ++k) out[k * r + k] = 1;
  for (let k = r - 1; k >= 0; --k) reflect(out, r, vs[k]!, k);
  return matrix(m, r, Float32Array.from(out));
}

/** A ← (I − 2 v vᵀ) A in columns `from` and after, where v is nought above row `from`; it changes no other column. */
function reflect(a: Float64Array, columns: number, v: Float64Array, from: number): void {
  const dots = new Float64Array(columns);
  for (let i = from; i < v.length; ++i) {
    const value = v[i]!;
    for (let j = from; j < columns; ++j) dots[j]! += value * a[i * columns + j]!;
  }
  for (let i = from; i < v.length; ++i) {
    const twice = 2 * v[i]!;
    for (let j = from; j < columns; ++j) a[i * columns + j]! -= twice * dots[j]!;
  }
}

function norm(v: Float64Array): number {
  let sum = 0;
  for (const value of v) sum += value * value;
  return Math.sqrt(sum);
}

/**
 * The same by Gram and Schmidt's way, as in the original method: column by column, in float32, less what it shares with
 * those before it. Columns that are nearly alike come out far from orthogonal.
 */
export function gramSchmidt({rows: m, columns: r, data}: Matrix): Matrix {
  const a = Float32Array.from(data);
  for (let k = 0; k < r; ++k) {
    let squares = 0;
    for (let i = 0; i < m; ++i) squares += a[i * r + k]! ** 2;
    const length = Math.sqrt(squares) + 1e-8;
    for (let i = 0; i < m; ++i) a[i * r + k]! /= length;
    for (let j = k + 1; j < r; ++j) {
      let dot = 0;
      for (let i = 0; i < m; ++i) dot += a[i * r + k]! * a[i * r + j]!;
      for (let i = 0; i < m; ++i) a[i * r + j]! -= dot * a[i * r + k]!;
    }
  }
  return matrix(m, r, a);
}

/** One round for a matrix that a single worker holds: both factors and what they make. */
export function compress(m: Matrix, q: Matrix): {p: Matrix; q: Matrix; approximation: Matrix} {
  const p = householder(project(m, q));
  const next = coefficients(m, p);
  return {p, q: next, approximation: approximation(p, next)};
}
