// A model small enough to know ln p(x): a mixture of K pictures, with an encoder that guesses which one it was.
//
// p(z) says how common each code is, p_θ(x | z) is a Gaussian around the code's picture, and q_φ(z | x), the encoder, is
// a guess at the posterior. With so few codes every sum can be written out, so the bound, its gap and ln p(x) itself
// are all exact. Not from the paper: DALL·E's own sum would have 8,192^1,024 terms.
//
// Shapes: B images, each shrunk to D = side² · 3 numbers in [0, 1]; K codes.

import type {Stream} from "../../data/random.js";
import {
  add,
  exp,
  linear,
  logSoftmax,
  logSumExp,
  mean,
  mul,
  type Params,
  reshape,
  square,
  sub,
  sum,
  type Tensor
} from "../tensor/index.js";
import {fillWeights, type Shapes, type Weights} from "./weights.js";

export interface ElboConfig {
  /** An image is shrunk to side × side pixels. */
  readonly side: number;
  /** K. */
  readonly codes: number;
  /** Channels between the encoder's two layers: fewer than K − 1 and it cannot give every posterior. */
  readonly hidden: number;
  /** σ of p_θ(x | z). */
  readonly sigma: number;
  /** Whether p(z) is uniform, as in stage 1, or learnt, as in stage 2. */
  readonly prior: "uniform" | "learnt";
}

/** ln p(z) (K). */
export function logPrior(params: Params, {codes, prior}: ElboConfig): Tensor {
  return prior === "learnt"
    ? logSoftmax(params["prior.logits"]!)
    : sub(mul(params["prior.logits"]!, 0), Math.log(codes));
}

/** ln p_θ(x | z) for every code: x (B, D) → (B, K). */
export function logLikelihood(params: Params, {codes, sigma}: ElboConfig, x: Tensor): Tensor {
  const [batch = 0, size = 0] = x.shape;
  const difference = sub(reshape(x, [batch, 1, size]), reshape(params["decoder.pictures"]!, [1, codes, size]));
  const constant = size * (Math.log(sigma) + 0.5 * Math.log(2 * Math.PI));
  return sub(mul(sum(square(difference), 2), -0.5 / sigma ** 2), constant);
}

/** ln q_φ(z | x): x (B, D) → (B, K). Two linear layers: for equal σ the true posterior is that simple too. */
export function logEncoder(params: Params, x: Tensor): Tensor {
  const narrow = linear(sub(x, 0.5), params["encoder.input.weight"]!);
  return logSoftmax(linear(narrow, params["encoder.output.weight"]!, params["encoder.output.bias"]!));
}

/** The terms for each image, nats (B): ln p(x) = elbo + gap, and elbo = reconstruction − kl. */
export function elboTerms(params: Params, config: ElboConfig, x: Tensor): Record<string, Tensor> {
  const logP = logPrior(params, config); // (K)
  const likelihood = logLikelihood(params, config, x); // (B, K)
  const logQ = logEncoder(params, x); // (B, K)
  const q = exp(logQ);
  const logPx = logSumExp(add(likelihood, logP), 1);
  const reconstruction = sum(mul(q, likelihood), 1);
  const kl = sum(mul(q, sub(logQ, logP)), 1);
  const elbo = sub(reconstruction, kl);
  return {logPx, elbo, gap: sub(logPx, elbo), reconstruction, kl};
}

/** What training makes small: −(reconstruction − β kl), in nats an image. */
export function elboLoss(
  params: Params,
  config: ElboConfig,
  x: Tensor,
  {beta}: {readonly beta: number}
): {loss: Tensor; aux: Record<string, Tensor>} {
  const terms = elboTerms(params, config, x);
  const averages = Object.fromEntries(Object.entries(terms).map(([name, all]) => [name, mean(all)]));
  return {loss: sub(mul(averages.kl!, beta), averages.reconstruction!), aux: averages};
}

export function elboShapes({side, codes, hidden}: ElboConfig): Shapes {
  const size = side * side * 3;
  return new Map([
    ["decoder.pictures", [codes, size]],
    ["prior.logits", [codes]],
    ["encoder.input.weight", [size, hidden]],
    ["encoder.output.weight", [hidden, codes]],
    ["encoder.output.bias", [codes]]
  ]);
}

/** Pictures of noise around grey, an even prior, an encoder that knows nothing yet. */
export function initElbo(config: ElboConfig, stream: Stream): Weights {
  const weights = fillWeights(elboShapes(config), stream, (name) => {
    if (name === "decoder.pictures") return 0.1;
    return name.startsWith("encoder") && name.endsWith("weight") ? 0.1 : 0;
  });
  const {data} = weights["decoder.pictures"]!;
  for (let i = 0; i < data.length; ++i) data[i]! += 0.5;
  return weights;
}
