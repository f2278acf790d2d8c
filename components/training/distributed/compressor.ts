// A worker's side of compressed gradients: which parameters are compressed, its error buffers, and the two messages of a
// step. Pure arrays; who adds them up is exchange.ts's affair.

import {type Stream, stream} from "../../../data/random.js";
import type {Weights} from "../../models/weights.js";
import type {Compression, Distribution} from "./config.js";
import {type Matrix, matrix} from "./matrices.js";
import {approximation, coefficients, householder, project, randomFactor, rankOf} from "./powerSgd.js";

/** Gradients as one worker sends them. */
export interface Sent {
  /** The factors P of all compressed matrices, one after the other; all of nothing without compression. */
  readonly p: Float32Array;
  /** Gradients that are not compressed. */
  readonly rest: Float32Array;
}

interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where it begins in the flat gradient. */
  readonly at: number;
  readonly size: number;
}

interface Compressed extends Slot {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** M = G + E of this step; between steps E. */
  buffer: Matrix;
  q: Matrix;
  p: Matrix;
}

/** Matrices of the blocks are compressed; embeddings, their inverses, gains and biases are not (appendix E). */
export function isCompressed(name: string, shape: readonly number[]): boolean {
  return shape.length === 2 && /^layer\d+\..*\.weight$/.test(name);
}

export class GradientCompressor {
  readonly #compression: Compression;
  readonly #random: Stream;
  readonly #slots: readonly Slot[];
  readonly #matrices: readonly Compressed[];
  readonly #restSlots: readonly Slot[];

  /** The parameters give names, order and shapes; all workers have the same seed, and so the same Q. */
  constructor(weights: Weights, {compression, rank}: Distribution, seed: number) {
    this.#compression = compression;
    this.#random = stream(seed, "powerSgd");
    let at = 0;
    this.#slots = Object.entries(weights).map(([name, {shape, data}]) => {
      const slot = {name, shape, at, size: data.length};
      at += data.length;
      return slot;
    });
    const chosen = (slot: Slot) => compression !== "none" && isCompressed(slot.name, slot.shape);
    this.#restSlots = this.#slots.filter((slot) => !chosen(slot));
    this.#matrices = this.#slots.filter(chosen).map((slot) => {
      const [rows, columns] = slot.shape as [number, number];
      const r = rankOf({rows, columns}, rank);
      const buffer = matrix(rows, columns);
      return {...slot, rows, columns, rank: r, buffer, p: matrix(rows, r), q: this.#randomQ(slot.name, columns, r)};
    });
  }

  /** How many numbers a step sends, of how many; and of the compressed matrices alone. */
  get sizes(): {readonly sent: number; readonly whole: number; readonly factors: number; readonly matrices: number} {
    const whole = total(this.#slots.map(({size}) => size));
    const matrices = total(this.#matrices.map(({size}) => size));
    const factors = total(this.#matrices.map(({rows, columns, rank}) => (rows + columns) * rank));
    return {sent: whole - matrices + factors, whole, factors, matrices};
  }

  /** Takes this worker's gradient of a step, adds the errors of those before, and gives its first message. */
  begin(step: number, gradient: Float32Array): Sent {
    if (this.#matrices.length === 0) return {p: new Float32Array(0), rest: gradient};
    for (const one of this.#matrices) {
      const {buffer, at, size} = one;
      for (let i = 0; i < size; ++i) buffer.data[i]! += gradient[at + i]!;
      if (this.#compression === "resampled") one.q = this.#randomQ(one.name, one.columns, one.rank, step);
      one.p = project(buffer, one.q);
    }
    return {
      p: joined(this.#matrices.map(({p}) => p.data)),
      rest: joined(this.#restSlots.map(({at, size}) => gradient.subarray(at, at + size)))
    };
  }

  /** The averaged P, made orthonormal here as at every worker; gives the second message, all Q′. */
  project(averaged: Float32Array): Float32Array {
    let at = 0;
    const all = this.#matrices.map((one) => {
      const size = one.rows * one.rank;
      one.p = householder(matrix(one.rows, one.rank, averaged.slice(at, at + size)));
      at += size;
      return coefficients(one.buffer, one.p).data;
    });
    return joined(all);
  }

  /** The averaged Q′ and the averaged rest: the gradient that every worker steps by. What it lacks stays in the buffers. */
  finish(q: Float32Array, rest: Float32Array): Float32Array {
    if (this.#matrices.length === 0) return rest;
    const gradient = new Float32Array(this.sizes.whole);
    let at = 0;
    for (const one of this.#matrices) {
      const size = one.columns * one.rank;
      const factor = matrix(one.columns, one.rank, q.slice(at, at + size));
      at += size;
      const {data} = approximation(one.p, factor);
      gradient.set(data, one.at);
      for (let i = 0; i < one.size; ++i) one.buffer.data[i]! -= data[i]!;
      if (this.#compression === "warm") one.q = factor;
    }
    at = 0;
    for (const slot of this.#restSlots) {
      gradient.set(rest.subarray(at, at + slot.size), slot.at);
      at += slot.size;
    }
    return gradient;
  }

  /** The error buffers, one after the other. */
  errors(): Float32Array {
    return joined(this.#matrices.map(({buffer}) => buffer.data));
  }

  /** The Q of warm starts; other kinds know theirs from the seed. */
  warmFactors(): Float32Array {
    return joined(this.#compression === "warm" ? this.#matrices.map(({q}) => q.data) : []);
  }

  /** Goes on from these errors, by default none, and these warm factors. */
  restore(warm: Float32Array, errors?: Float32Array): void {
    let [from, fromError] = [0, 0];
    for (const one of this.#matrices) {
      one.buffer = matrix(one.rows, one.columns, errors?.slice(fromError, fromError + one.size));
      fromError += one.size;
      if (this.#compression !== "warm") continue;
      const size = one.columns * one.rank;
      one.q = matrix(one.columns, one.rank, warm.slice(from, from + size));
      from += size;
    }
  }

  /** Where a parameter's errors begin among all; null if it is not compressed. */
  errorsAt(name: string): number | null {
    let at = 0;
    for (const one of this.#matrices) {
      if (one.name === name) return at;
      at += one.size;
    }
    return null;
  }

  #randomQ(name: string, n: number, r: number, step?: number): Matrix {
    return randomFactor(n, r, step === undefined ? this.#random.child(name) : this.#random.child(name, step));
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(total(parts.map(({length}) => length)));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a + b, 0);
}
