// Contrastive objectives, in nats. Rows of a similarity matrix are what is looked up, columns are what it is looked up
// among; the matching pair is on the diagonal.

import {
  add,
  concat,
  div,
  logSumExp,
  matMul,
  max,
  mean,
  mul,
  neg,
  oneHot,
  range,
  reshape,
  slice,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  transpose
} from "../tensor/index.js";

/** Rows of length 1: x / ‖x‖ over the last axis. */
export function unit(x: Tensor): Tensor {
  return div(x, sqrt(add(sum(square(x), -1, true), 1e-12)));
}

/**
 * mean over rows of −sᵢᵢ + ln Σⱼ exp sᵢⱼ (InfoNCE). Decoupled (DCL), the sum leaves the match out: j ≠ i. S (N, M); the
 * columns after the N-th match no row.
 */
export function contrast(s: Tensor, decoupled: boolean): Tensor {
  const [n = 0, m = 0] = s.shape;
  const matches = oneHot(range(0, n, 1, "int32"), m); // (N, M)
  const among = decoupled ? add(s, mul(matches, -1e9)) : s;
  return mean(sub(logSumExp(among, 1), sum(mul(s, matches), 1)));
}

/**
 * Token-level late interaction (FILIP): each word's best patch, averaged over the words; and each patch's best word,
 * averaged over the patches. text (T, m, d) and image (I, n, d) of unit rows; words (T, m): 1 for tokens, 0 for pads.
 */
export function lateInteraction(
  text: Tensor,
  image: Tensor,
  words: Tensor
): {textToImage: Tensor; imageToText: Tensor} {
  const [t = 0, m = 0, d = 0] = text.shape;
  const [i = 0, n = 0] = image.shape;
  const all = reshape(matMul(reshape(text, [t * m, d]), reshape(image, [i * n, d]), false, true), [t, m, i, n]);
  const counted = reshape(words, [t, m, 1]);
  const share = div(counted, sum(counted, 1, true)); // (T, m, 1), sums to 1
  const textToImage = sum(mul(max(all, 3), share), 1); // (T, I)
  const hidden = mul(sub(reshape(words, [t, m, 1, 1]), 1), 1e9);
  const imageToText = transpose(mean(max(add(all, hidden), 1), 2)); // (I, T)
  return {textToImage, imageToText};
}

/** NT-Xent of SimCLR: two views of each image find each other among all the others' views. a and b (B, d) of unit rows. */
export function ntXent(a: Tensor, b: Tensor, temperature: number): Tensor {
  const [n = 0] = a.shape;
  const z = concat([a, b], 0); // (2B, d)
  const themselves = oneHot(range(0, 2 * n, 1, "int32"), 2 * n);
  const s = add(div(matMul(z, z, false, true), temperature), mul(themselves, -1e9));
  const partners = concat([slice(themselves, [n, 0], [n, -1]), slice(themselves, [0, 0], [n, -1])], 0);
  return mean(sub(logSumExp(s, 1), sum(mul(s, partners), 1)));
}

/** SimSiam: each view's prediction (B, d) should point where the other view lies (B, d), which gets no gradient. */
export function simSiam(predictions: readonly [Tensor, Tensor], views: readonly [Tensor, Tensor]): Tensor {
  const toward = (p: Tensor, z: Tensor) => neg(mean(sum(mul(unit(p), stopGradient(unit(z))), -1)));
  return mul(add(toward(predictions[0], views[1]), toward(predictions[1], views[0])), 0.5);
}
