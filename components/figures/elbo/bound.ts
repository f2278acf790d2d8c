// The bound where every sum can be written out: a few codes, or one number. All in nats, on plain arrays.

export interface Bound {
  /** ln p(x). */
  readonly logPx: number;
  /** E ln p(x | z) over z from q. */
  readonly reconstruction: number;
  /** D_KL(q ‖ p(z)). */
  readonly kl: number;
  /** reconstruction − kl. */
  readonly elbo: number;
  /** D_KL(q ‖ p(z | x)) = logPx − elbo. */
  readonly gap: number;
}

export interface Codes {
  /** ln p(x | z) for each code. */
  readonly likelihood: ArrayLike<number>;
  /** ln p(z). */
  readonly prior: ArrayLike<number>;
}

/** The terms for a guess q over the codes. The gap is summed up by itself, so that elbo + gap = logPx is a finding. */
export function boundOf(q: ArrayLike<number>, {likelihood, prior}: Codes): Bound {
  const logPosterior = logPosteriorOf({likelihood, prior});
  const logPx = logSumExp(joint({likelihood, prior}));
  let [reconstruction, kl, gap] = [0, 0, 0];
  for (let k = 0; k < q.length; ++k) {
    const weight = q[k]!;
    if (weight <= 0) continue; // 0 ln 0 = 0
    reconstruction += weight * likelihood[k]!;
    kl += weight * (Math.log(weight) - prior[k]!);
    gap += weight * (Math.log(weight) - logPosterior[k]!);
  }
  return {logPx, reconstruction, kl, elbo: reconstruction - kl, gap};
}

/** p(z | x). */
export function posteriorOf(codes: Codes): number[] {
  return logPosteriorOf(codes).map(Math.exp);
}

/**
 * One step uphill on the bound: each q_k is multiplied by exp(rate · ∂ELBO/∂q_k), so that it stays positive, and the sum
 * is made 1 again. The derivative is ln p(z) p(x | z) − ln q − 1; the constant cancels.
 */
export function gradientStep(q: readonly number[], codes: Codes, rate: number): number[] {
  const safe = normalised(q.map((p) => Math.max(p, 1e-6))); // from 0 no factor leads away
  return softmax(safe.map((p, k) => Math.log(p) + rate * (codes.likelihood[k]! + codes.prior[k]! - Math.log(p))));
}

/** The largest value that E ln p(x | z) − β D_KL(q ‖ p(z)) can take, β ln Σ p(z) p(x | z)^{1/β}, and the q that gives it. */
export function bestUnderBeta({likelihood, prior}: Codes, beta: number): {value: number; q: number[]} {
  if (beta <= 0) {
    const values = Array.from(likelihood);
    const best = values.indexOf(Math.max(...values));
    return {value: values[best]!, q: values.map((_, k) => Number(k === best))};
  }
  const scores = Array.from(likelihood, (value, k) => value / beta + prior[k]!);
  return {value: beta * logSumExp(scores), q: softmax(scores)};
}

/** q with entry k set to p and the others scaled to fill the rest. */
export function withEntry(q: readonly number[], k: number, p: number): number[] {
  const value = Math.min(1, Math.max(0, p));
  const rest = q.reduce((sum, other, i) => (i === k ? sum : sum + other), 0);
  return q.map((other, i) =>
    i === k ? value : rest > 1e-9 ? (other / rest) * (1 - value) : (1 - value) / (q.length - 1)
  );
}

export function normalised(q: readonly number[]): number[] {
  const total = q.reduce((a, b) => a + b, 0);
  return q.map((p) => p / total);
}

export function softmax(logits: readonly number[]): number[] {
  const log = logSumExp(logits);
  return logits.map((logit) => Math.exp(logit - log));
}

export function logSumExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

function joint({likelihood, prior}: Codes): number[] {
  return Array.from(likelihood, (value, k) => value + prior[k]!);
}

function logPosteriorOf(codes: Codes): number[] {
  const all = joint(codes);
  const log = logSumExp(all);
  return all.map((value) => value - log);
}
