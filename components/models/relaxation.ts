// Gumbel-max and Gumbel-softmax on plain numbers, in double precision: what the figures show of them. The tensors' version,
// which trains, is in nn/gumbel.ts; a test holds the two together.

import type {Stream} from "../../data/random.js";

/** softmax(values / τ). The largest is taken off first, so that no exponential overflows however small τ is. */
export function softmaxAt(values: ArrayLike<number>, tau = 1): Float64Array {
  let largest = -Infinity;
  for (let k = 0; k < values.length; ++k) largest = Math.max(largest, values[k]!);
  const y = Float64Array.from(values, (value) => Math.exp((value - largest) / tau));
  const sum = y.reduce((a, b) => a + b, 0);
  return y.map((v) => v / sum);
}

/** K standard Gumbel numbers, −ln(−ln u). */
export function gumbels(count: number, stream: Stream): Float64Array {
  return Float64Array.from({length: count}, () => stream.gumbel());
}

/** y = softmax((ℓ + g) / τ). */
export function relaxedDraw(logits: ArrayLike<number>, gumbel: ArrayLike<number>, tau: number): Float64Array {
  return softmaxAt(
    Float64Array.from({length: logits.length}, (_, k) => logits[k]! + gumbel[k]!),
    tau
  );
}

/** Gumbel-max: arg max (ℓ + g), an exact draw from Cat(softmax(ℓ)). */
export function hardDraw(logits: ArrayLike<number>, gumbel: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < logits.length; ++k) if (logits[k]! + gumbel[k]! > logits[best]! + gumbel[best]!) best = k;
  return best;
}

/** How many codes a mixture blends: exp of its entropy, 1 for a single one, K for all alike. */
export function blended(y: ArrayLike<number>): number {
  let nats = 0;
  for (let k = 0; k < y.length; ++k) if (y[k]! > 0) nats -= y[k]! * Math.log(y[k]!);
  return Math.exp(nats);
}

/**
 * Codes blended and largest entry, as means over draws of which each gives its ℓ + g. With the bare noise all logits are
 * alike: the case in which most is blended.
 */
export function blendOf(draws: readonly ArrayLike<number>[], tau: number): {blended: number; largest: number} {
  let entropy = 0;
  let largest = 0;
  for (const draw of draws) {
    const y = softmaxAt(draw, tau);
    entropy += Math.log(blended(y));
    largest += y.reduce((a, b) => Math.max(a, b), 0);
  }
  return {blended: Math.exp(entropy / draws.length), largest: largest / draws.length};
}

/** How often each of K comes out of n Gumbel-max draws. */
export function countDraws(logits: ArrayLike<number>, draws: number, stream: Stream): Float64Array {
  const counts = new Float64Array(logits.length);
  for (let i = 0; i < draws; ++i) counts[hardDraw(logits, gumbels(logits.length, stream))]! += 1;
  return counts;
}

/** Standard error of a share p counted over n draws, and how far n such shares stray from theirs on average. */
export function standardError(p: number, draws: number): number {
  return Math.sqrt((p * (1 - p)) / draws);
}
