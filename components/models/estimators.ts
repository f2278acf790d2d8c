// Three ways to estimate ∂/∂ℓ E[f(z)], z ~ Cat(softmax(ℓ)), on a problem small enough to know the true gradient: a decoder
// that turns one of K codes into a few pixels, f(z) = ½ ‖sigmoid(W z) − x‖².

import type {Stream} from "../../data/random.js";
import {gumbels, hardDraw, relaxedDraw, softmaxAt} from "./relaxation.js";

export interface SmallProblem {
  /** ℓ, K logits. */
  readonly logits: Float64Array;
  /** W, K rows of P numbers: what each code adds to the pixels' logits. */
  readonly decoder: readonly Float64Array[];
  /** x, P pixels in [0, 1]. */
  readonly target: Float64Array;
}

/** K codes, 4 pixels; the logits are `sharpness` times a normal number. */
export function smallProblem(codes: number, sharpness: number, stream: Stream): SmallProblem {
  const pixels = 4;
  const normals = (n: number, scale: number, name: string) => {
    const from = stream.child(name);
    return Float64Array.from({length: n}, () => scale * from.normal());
  };
  return {
    logits: normals(codes, sharpness, "logits"),
    decoder: Array.from({length: codes}, (_, k) => normals(pixels, 2, `row ${k}`)),
    target: normals(pixels, 1, "target").map((v) => 1 / (1 + Math.exp(-2 * v)))
  };
}

/** f(z) and ∂f/∂z, K numbers, at any mixture z of the codes. */
export function lossAt({decoder, target}: SmallProblem, z: ArrayLike<number>): {value: number; slope: Float64Array} {
  const back = new Float64Array(target.length); // ∂f / ∂(Wz)
  let value = 0;
  for (let p = 0; p < target.length; ++p) {
    let h = 0;
    for (let k = 0; k < decoder.length; ++k) h += decoder[k]![p]! * z[k]!;
    const pixel = 1 / (1 + Math.exp(-h));
    const error = pixel - target[p]!;
    value += error ** 2 / 2;
    back[p] = error * pixel * (1 - pixel);
  }
  return {value, slope: Float64Array.from(decoder, (row) => row.reduce((sum, w, p) => sum + w * back[p]!, 0))};
}

/** The true gradient: Σ_j f(e_j) ∂π_j/∂ℓ_k = π_k (f(e_k) − Σ_j π_j f(e_j)). */
export function trueGradient(problem: SmallProblem): Float64Array {
  const pi = softmaxAt(problem.logits);
  const values = Float64Array.from(pi, (_, k) => lossAt(problem, oneHot(k, pi.length)).value);
  const mean = values.reduce((sum, f, k) => sum + pi[k]! * f, 0);
  return pi.map((p, k) => p * (values[k]! - mean));
}

export type Estimator = "relaxed" | "straightThrough" | "score";
export const estimators: readonly Estimator[] = ["relaxed", "straightThrough", "score"];

/** One estimate from one draw of Gumbel noise. */
export function estimate(kind: Estimator, problem: SmallProblem, gumbel: Float64Array, tau: number): Float64Array {
  const {logits} = problem;
  if (kind === "score") {
    // f(z) ∂ ln π_z / ∂ℓ: needs no derivative of f, and pays for that with variance.
    const z = hardDraw(logits, gumbel);
    const {value} = lossAt(problem, oneHot(z, logits.length));
    return softmaxAt(logits).map((p, k) => value * ((k === z ? 1 : 0) - p));
  }
  const y = relaxedDraw(logits, gumbel, tau);
  // Relaxed: the decoder sees y. Straight-through: it sees the code that y nearly is, and its slope is used at y.
  const seen = kind === "relaxed" ? y : oneHot(hardDraw(logits, gumbel), logits.length);
  const {slope} = lossAt(problem, seen);
  const mean = slope.reduce((sum, s, k) => sum + s * y[k]!, 0);
  return y.map((v, k) => (v * (slope[k]! - mean)) / tau);
}

/** Sums over the estimates so far, to which more can be added. */
export interface Totals {
  readonly draws: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

export function noDraws(codes: number): Totals {
  return {draws: 0, sums: new Float64Array(codes), squares: new Float64Array(codes)};
}

/** So many more estimates at this temperature. */
export function withDraws(
  {draws, sums, squares}: Totals,
  kind: Estimator,
  problem: SmallProblem,
  tau: number,
  more: number,
  stream: Stream
): Totals {
  const next = {draws: draws + more, sums: sums.slice(), squares: squares.slice()};
  for (let i = 0; i < more; ++i) {
    const one = estimate(kind, problem, gumbels(sums.length, stream), tau);
    for (let k = 0; k < one.length; ++k) {
      next.sums[k]! += one[k]!;
      next.squares[k]! += one[k]! ** 2;
    }
  }
  return next;
}

/** All in units of the true gradient's norm. */
export interface Quality {
  /** How far the mean of infinitely many estimates is from the truth, as far as the draws so far can tell. */
  readonly bias: number;
  /** The standard error of the mean: a bias below it cannot be told from none. */
  readonly error: number;
  /** √ of the total variance: the noise of a single estimate. */
  readonly noise: number;
}

export function qualityOf({draws, sums, squares}: Totals, truth: Float64Array): Quality {
  let off = 0;
  let variance = 0;
  let norm = 0;
  for (let k = 0; k < truth.length; ++k) {
    const mean = sums[k]! / draws;
    off += (mean - truth[k]!) ** 2;
    variance += Math.max(0, squares[k]! / draws - mean ** 2) * (draws / Math.max(1, draws - 1));
    norm += truth[k]! ** 2;
  }
  const scale = Math.sqrt(norm);
  // The mean strays by variance / draws on top of the bias.
  const bias = Math.sqrt(Math.max(0, off - variance / draws)) / scale;
  return {bias, error: Math.sqrt(variance / draws) / scale, noise: Math.sqrt(variance) / scale};
}

function oneHot(index: number, length: number): Float64Array {
  const z = new Float64Array(length);
  z[index] = 1;
  return z;
}
