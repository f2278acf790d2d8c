// Densities and divergences, in nats. Symbols: x image, z codes, q_φ encoder, p_θ decoder, K codes.

import {
  abs,
  add,
  clipByValue,
  div,
  exp,
  log,
  logSoftmax,
  mean,
  mul,
  neg,
  sigmoid,
  slice,
  softplus,
  square,
  sub,
  sum,
  type Tensor
} from "../tensor/index.js";

/** φ(x) = (1 − 2ε)·x + ε for x in [0, 1]: away from the ends, where the logit is infinite (appendix A.3). */
export function mapPixels(x: Tensor, epsilon: number): Tensor {
  return add(mul(x, 1 - 2 * epsilon), epsilon);
}

/** φ⁻¹, clamped to [0, 1]. */
export function unmapPixels(x: Tensor, epsilon: number): Tensor {
  return clipByValue(div(sub(x, epsilon), 1 - 2 * epsilon), 0, 1);
}

/** The first and the second half of the last axis: the decoder's μ and ln b. (B, H, W, 6) → two of (B, H, W, 3). */
export function splitStatistics(statistics: Tensor): {mu: Tensor; logScale: Tensor} {
  const [b = 0, h = 0, w = 0, c = 0] = statistics.shape;
  const half = c / 2;
  return {
    mu: slice(statistics, [0, 0, 0, 0], [b, h, w, half]),
    logScale: slice(statistics, [0, 0, 0, half], [b, h, w, half])
  };
}

/**
 * −ln f(x | μ, b) of the logit-Laplace, the density of sigmoid(Laplace(μ, b)), for each sub-pixel (appendix A.3):
 * ln 2 + ln b + ln x + ln(1 − x) + |logit(x) − μ| / b. It can be negative and has no lower bound, so ln b is floored.
 */
export function logitLaplaceNll(x: Tensor, mu: Tensor, logScale: Tensor, floor: number): Tensor {
  const logB = softFloor(logScale, floor);
  const logX = log(x);
  const log1mX = log(sub(1, x));
  const distance = abs(sub(sub(logX, log1mX), mu));
  return add(add(add(Math.LN2, logB), add(logX, log1mX)), mul(distance, exp(neg(logB))));
}

/** A smooth max(v, floor), so that the gradient never dies: floor + softplus(v − floor). */
function softFloor(v: Tensor, floor: number): Tensor {
  return add(softplus(sub(v, floor)), floor);
}

/** −ln N(x | sigmoid(μ), σ²) for each sub-pixel. Unlike the logit-Laplace it puts mass outside [0, 1]. */
export function gaussianNll(x: Tensor, mu: Tensor, sigma: number): Tensor {
  const constant = Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
  return add(mul(square(sub(x, sigmoid(mu))), 1 / (2 * sigma * sigma)), constant);
}

/** −ln Laplace(x | sigmoid(μ), b) for each sub-pixel. */
export function laplaceNll(x: Tensor, mu: Tensor, scale: number): Tensor {
  return add(mul(abs(sub(x, sigmoid(mu))), 1 / scale), Math.log(2 * scale));
}

/**
 * D_KL(Cat(softmax(logits)) ‖ uniform) for each position, in [0, ln K] (section 2.1): ln K + Σ q ln q.
 * (…, K) → (…).
 */
export function klToUniform(logits: Tensor): Tensor {
  const logQ = logSoftmax(logits);
  const codes = logits.shape[logits.rank - 1] ?? 1;
  return add(sum(mul(exp(logQ), logQ), -1), Math.log(codes));
}

/**
 * Entropy of the posterior averaged over the positions of a group of images: high when many codes are in use. Groups
 * stand side by side, so that a batch cut in halves gives the same mean. (groups, N, K) → ().
 */
export function usageEntropy(posterior: Tensor): Tensor {
  const average = mean(posterior, 1); // (groups, K)
  return mean(neg(sum(mul(average, log(add(average, 1e-10))), -1)));
}
