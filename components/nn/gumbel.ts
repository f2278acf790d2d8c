// The Gumbel-softmax relaxation (Jang et al. 2016; Maddison et al. 2016), section 2.1 of the paper.

import {add, argMax, customGrad, div, oneHot, softmax, type Tensor} from "../tensor/index.js";

/**
 * y = softmax((ℓ + g) / τ) with Gumbel noise g: a draw from Cat(softmax(ℓ)) made differentiable.
 * τ → 0 gives a one-hot vector, τ → ∞ the uniform one. (…, K) → (…, K).
 */
export function relaxedSample(logits: Tensor, gumbel: Tensor, tau: number): Tensor {
  return softmax(div(add(logits, gumbel), tau));
}

/** Forward the one-hot vector of the largest entry, backward the gradient as if it were y. (…, K) → (…, K). */
export const straightThrough: (y: Tensor) => Tensor = customGrad((y) => ({
  value: hardCodes(y as Tensor),
  gradFunc: (dy: Tensor) => dy
}));

/** One-hot vectors of the largest entries. (…, K) → (…, K). */
export function hardCodes(y: Tensor): Tensor {
  return oneHot(argMax(y, -1), y.shape[y.rank - 1] ?? 1);
}
