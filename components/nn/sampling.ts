// From logits to one code, on the host: temperature, top-k, top-p. The paper samples at t = 1 and keeps all codes.

export interface SamplingOptions {
  /** t in softmax(ℓ / t); 0 is greedy. */
  readonly temperature: number;
  /** Keep the k most probable; 0 keeps all. */
  readonly topK: number;
  /** Keep the fewest codes that hold at least this mass; 1 keeps all. */
  readonly topP: number;
}

/** softmax(ℓ / t), then top-k, then top-p, renormalised. Ties at the border keep the smaller code. */
export function samplingDistribution(logits: Float32Array, {temperature, topK, topP}: SamplingOptions): Float64Array {
  const n = logits.length;
  if (n === 0) throw new Error("samplingDistribution: expected at least one logit, got none");
  const out = new Float64Array(n);
  let best = 0;
  for (let i = 1; i < n; ++i) if (logits[i]! > logits[best]!) best = i;
  if (temperature <= 0) {
    out[best] = 1;
    return out;
  }
  const peak = logits[best]!;
  let mass = 0;
  for (let i = 0; i < n; ++i) mass += out[i] = Math.exp((logits[i]! - peak) / temperature);
  const limit = topK > 0 ? Math.min(topK, n) : n;
  if (limit < n || topP < 1) mass = keepLikeliest(out, logits, limit, topP);
  for (let i = 0; i < n; ++i) out[i]! /= mass;
  return out;
}

/** Sets all to nought but the limit likeliest, and of these the fewest that hold topP of their mass; the mass kept. */
function keepLikeliest(masses: Float64Array, logits: Float32Array, limit: number, topP: number): number {
  const order = largest(logits, logits.length);
  let within = 0;
  for (let r = 0; r < limit; ++r) within += masses[order[r]!]!;
  let kept = 0;
  let mass = 0;
  while (kept < limit && (kept === 0 || mass < topP * within)) mass += masses[order[kept++]!]!;
  for (let r = kept; r < order.length; ++r) masses[order[r]!] = 0;
  return mass;
}

/** The code at which the cumulative mass passes u in [0, 1). */
export function drawCode(distribution: Float64Array, u: number): number {
  let cumulative = 0;
  let last = 0;
  for (let i = 0; i < distribution.length; ++i) {
    const p = distribution[i]!;
    if (p === 0) continue;
    last = i;
    cumulative += p;
    if (u < cumulative) return i;
  }
  return last; // rounding left u above the sum
}

/** Entropy in bits. */
export function entropyBits(distribution: Float64Array): number {
  let bits = 0;
  for (const p of distribution) if (p > 0) bits -= p * Math.log2(p);
  return bits;
}

/** The count largest entries, descending. */
export function largest(values: ArrayLike<number>, count: number): number[] {
  if (count === 0) return [];
  return Array.from({length: values.length}, (_, i) => i)
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, count);
}
