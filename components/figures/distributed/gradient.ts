// A weight matrix's gradient taken apart: its singular values, and what PowerSGD makes of it at a rank.

import {Matrix as Dense, SVD} from "ml-matrix";
import {stream} from "../../../data/random.js";
import type {Compression} from "../../training/distributed/config.js";
import {energy, type Matrix, matrix} from "../../training/distributed/matrices.js";
import {compress, randomFactor, rankOf} from "../../training/distributed/powerSgd.js";
import type {ArrayPayload} from "../../training/protocol.js";

/** Largest first. */
export function singularValues({rows, columns, data}: Matrix): number[] {
  const dense = Dense.from1DArray(rows, columns, data);
  const options = {computeLeftSingularVectors: false, computeRightSingularVectors: false, autoTranspose: true};
  return new SVD(dense, options).diagonal;
}

/** What is compressed: the gradient, and the errors of the steps before where there are some. */
export function corrected(gradient: ArrayPayload, error?: ArrayPayload): Matrix {
  const [rows = 0, columns = 0] = gradient.shape;
  return matrix(
    rows,
    columns,
    Float32Array.from(gradient.data, (value, i) => value + (error?.data[i] ?? 0))
  );
}

export interface Approximated {
  readonly approximation: Matrix;
  readonly remainder: Matrix;
  /** Share of the energy that the approximation keeps. */
  readonly kept: number;
}

/** How often a warm start has seen the same matrix here. */
const warmRounds = 4;

/**
 * PowerSGD's approximation of a matrix: with a random Q; or with a warm start, as if the matrix had stayed the same for a
 * few steps.
 */
export function approximate(m: Matrix, rank: number, kind: Exclude<Compression, "none">, seed: number): Approximated {
  const r = rankOf(m, rank);
  let q = randomFactor(m.columns, r, stream(seed, "spectrum", kind === "resampled" ? 1 : 0));
  let made = compress(m, q);
  for (let i = 0; kind === "warm" && i < warmRounds; ++i) {
    q = made.q;
    made = compress(m, q);
  }
  const remainder = matrix(
    m.rows,
    m.columns,
    m.data.map((value, i) => value - made.approximation.data[i]!)
  );
  return {approximation: made.approximation, remainder, kept: 1 - energy(remainder) / Math.max(energy(m), 1e-30)};
}

/** Share of the energy in the first r singular values: more cannot be kept at that rank. */
export function bestKept(values: readonly number[], rank: number): number {
  const squares = values.map((value) => value ** 2);
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
  return sum(squares.slice(0, rank)) / Math.max(sum(squares), 1e-30);
}
