// The prior looked at from outside, for figures: what each state attends to, and what a state is added up from.

import {
  type AttentionMask,
  add,
  concat,
  embedding,
  matMul,
  mul,
  type Params,
  reshape,
  softmax,
  stack,
  type Tensor,
  tensor,
  zeros
} from "../tensor/index.js";
import {embedImage, embedText, layer, layerName, queriesKeysValues} from "./prior.js";
import {modelWidth, type PriorConfig} from "./priorConfig.js";

/**
 * Attention weights of one sequence: text int32 (1, T), image int32 (1, m) → (layers, H, L, L) with L = 1 + T + m; each
 * row is a softmax over the keys that its layer's mask allows.
 */
export function attentionWeights(
  params: Params,
  config: PriorConfig,
  masks: readonly AttentionMask[],
  text: Tensor,
  image: Tensor
): Tensor {
  let x = concat([embedText(params, text), embedImage(params, config, image)], 1);
  const weights: Tensor[] = [];
  for (let i = 1; i <= config.layers; ++i) {
    const [q, k] = queriesKeysValues(params, config, layerName(i), x);
    const scores = matMul(mul(q, config.headSize ** -0.5), k, false, true); // (1, H, L, L)
    const [, heads = 0, length = 0] = scores.shape;
    weights.push(reshape(softmax(add(scores, masks[i - 1]!.bias)), [heads, length, length]));
    x = layer(params, config, layerName(i), x, masks[i - 1]!);
  }
  return stack(weights);
}

/**
 * What the states of one sequence are added up from, before the first layer, (L, d) each: the token's own vector; the
 * text position's or the image row's; the image column's. Nought where there is none.
 */
export function embeddingParts(
  params: Params,
  config: PriorConfig,
  text: Tensor,
  image: Tensor
): {token: Tensor; place: Tensor; column: Tensor} {
  const d = modelWidth(config);
  const {grid, textLength} = config;
  const m = image.shape[1] ?? 0;
  const rows = Int32Array.from({length: m}, (_, n) => Math.floor(n / grid));
  const columns = Int32Array.from({length: m}, (_, n) => n % grid);
  const tokens = (table: string, ids: Tensor) => reshape(embedding(params[table]!, ids), [-1, d]);
  const along = (table: string, at: Int32Array) => embedding(params[table]!, tensor(at, [m], "int32"));
  const start = reshape(params["text.start"]!, [1, d]);
  return {
    token: concat([start, tokens("text.embedding", text), tokens("image.embedding", image)], 0),
    place: concat([zeros([1, d]), params["text.position"]!, along("image.row", rows)], 0),
    column: concat([zeros([1 + textLength, d]), along("image.column", columns)], 0)
  };
}
