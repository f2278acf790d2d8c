// The prior p_ψ(y, z) of DALL·E (section 2.2, appendix B): a decoder-only transformer over text, then image tokens.
//
// States: a start state, T text positions, then n image positions; a state sees what its layer's mask allows and predicts
// the next token. The last image token is predicted, never read, so there are L = 1 + T + n − 1 states.
// Shapes: B sequences, d = heads · headSize channels, H heads, V text tokens, K codes.

import type {Stream} from "../../data/random.js";
import {maskGroups} from "../nn/maskGroups.js";
import {attends, type ImagePattern, layerPatterns} from "../nn/masks.js";
import {
  AttentionMask,
  add,
  attention,
  cast,
  concat,
  embedding,
  gelu,
  layerNorm,
  linear,
  mean,
  minimum,
  mul,
  type Params,
  reshape,
  selfAttention,
  slice,
  softmaxCrossEntropy,
  split,
  sum,
  type Tensor,
  tile,
  transpose
} from "../tensor/index.js";
import {imageLength, modelWidth, type PriorConfig} from "./priorConfig.js";
import {fillWeights, type Shapes, type Weights} from "./weights.js";

/** Id of the pad at text position i is V + i: each position has a pad embedding of its own (section 2.2). */
export function padText(ids: readonly number[], config: PriorConfig): Int32Array {
  const {textLength, textVocabulary} = config;
  if (ids.length > textLength)
    throw new Error(`padText: expected at most ${textLength} text tokens, got ${ids.length}`);
  return Int32Array.from({length: textLength}, (_, i) => ids[i] ?? textVocabulary + i);
}

/** Text states: start, then token or pad embedding + position. text: int32 (B, T) → (B, 1 + T, d). */
export function embedText(params: Params, text: Tensor): Tensor {
  const [batch = 0] = text.shape;
  const tokens = embedding(params["text.embedding"]!, text); // (B, T, d)
  const start = reshape(params["text.start"]!, [1, 1, -1]);
  return concat([tile(start, [batch, 1, 1]), add(tokens, params["text.position"]!)], 1);
}

/** Image states: code embedding + row + column. image: int32 (B, m), the first m positions in raster order → (B, m, d). */
export function embedImage(params: Params, config: PriorConfig, image: Tensor, from = 0): Tensor {
  const width = modelWidth(config);
  const grid = config.grid;
  const rows = reshape(params["image.row"]!, [grid, 1, width]);
  const columns = reshape(params["image.column"]!, [1, grid, width]);
  const places = reshape(add(rows, columns), [grid * grid, width]);
  return add(embedding(params["image.embedding"]!, image), slice(places, [from, 0], [image.shape[1] ?? 0, width]));
}

/**
 * One layer: x + attention(norm x), then x + mlp(norm x). x (B, L, d). One softmax covers text and image keys alike
 * (footnote 7). mask: which keys a state sees, all if null; or what is added to the scores.
 */
export function layer(
  params: Params,
  config: Pick<PriorConfig, "heads">,
  name: string,
  x: Tensor,
  mask: AttentionMask | Tensor | null
): Tensor {
  const qkv = project(params, `${name}.attention.qkv`, normalize(params, `${name}.attention.norm`, x)); // (B, L, 3d)
  const mixed = selfAttention(qkv, config.heads, mask); // (B, L, d)
  return feedForward(params, name, add(x, project(params, `${name}.attention.output`, mixed)));
}

/** Keys and values of the states so far, for one layer: (B, H, L, headSize) each. */
export interface KeysValues {
  readonly k: Tensor;
  readonly v: Tensor;
}

/**
 * The same for the next states of a sequence: x (B, m, d) after the P states of past; bias (m, P + m). Also returns the
 * keys and values of all P + m states.
 */
export function nextLayer(
  params: Params,
  config: Pick<PriorConfig, "heads" | "headSize">,
  name: string,
  x: Tensor,
  bias: Tensor,
  past?: KeysValues
): {x: Tensor} & KeysValues {
  const [q, newK, newV] = queriesKeysValues(params, config, name, x);
  const k = past === undefined ? newK : concat([past.k, newK], 2);
  const v = past === undefined ? newV : concat([past.v, newV], 2);
  const mixed = reshape(transpose(attention(q, k, v, bias), [0, 2, 1, 3]), x.shape); // (B, m, d)
  return {x: feedForward(params, name, add(x, project(params, `${name}.attention.output`, mixed))), k, v};
}

/** What a layer's states ask for, offer and hand over, head by head: (B, L, d) → three times (B, H, L, headSize). */
export function queriesKeysValues(
  params: Params,
  config: Pick<PriorConfig, "heads" | "headSize">,
  name: string,
  x: Tensor
): [q: Tensor, k: Tensor, v: Tensor] {
  const [batch = 0, length = 0] = x.shape;
  const heads = (t: Tensor) => transpose(reshape(t, [batch, length, config.heads, config.headSize]), [0, 2, 1, 3]);
  const qkv = project(params, `${name}.attention.qkv`, normalize(params, `${name}.attention.norm`, x)); // (B, L, 3d)
  return split(qkv, 3, 2).map(heads) as [Tensor, Tensor, Tensor];
}

/** x + mlp(norm x): the half of a layer that looks at one state at a time. */
export function feedForward(params: Params, name: string, x: Tensor): Tensor {
  const h = normalize(params, `${name}.mlp.norm`, x);
  return add(x, project(params, `${name}.mlp.output`, gelu(project(params, `${name}.mlp.input`, h))));
}

/** What takes states through a layer: `layer`, or the same in another arithmetic (halfPrior.ts). */
export type LayerOf = (params: Params, config: PriorConfig, name: string, x: Tensor, mask: AttentionMask) => Tensor;

/** All states through all layers: text int32 (B, T), image int32 (B, m) with m < n → (B, 1 + T + m, d). */
export function states(
  params: Params,
  config: PriorConfig,
  masks: readonly AttentionMask[],
  text: Tensor,
  image: Tensor,
  through: LayerOf = layer
): Tensor {
  let x = concat([embedText(params, text), embedImage(params, config, image)], 1);
  for (let i = 1; i <= config.layers; ++i) x = through(params, config, layerName(i), x, masks[i - 1]!);
  return normalize(params, "output.norm", x);
}

/** Logits of the next text token for states of text positions (…, d) → (…, V). */
export function textLogits(params: Params, h: Tensor): Tensor {
  return project(params, "output.text", h);
}

/** Logits of the next code (…, d) → (…, K). */
export function imageLogits(params: Params, h: Tensor): Tensor {
  return project(params, "output.image", h);
}

/** Weights of the two losses: 1/8 and 7/8 in the paper. */
export interface PriorHyper {
  readonly textWeight: number;
  readonly imageWeight: number;
}

/** A batch of token sequences. */
export interface PriorBatch {
  /** int32 (B, T): tokens, then pads V + i. */
  readonly text: Tensor;
  /** float (B, T): 0 at pads, which are no targets; the tokens of a batch share the weight 1. */
  readonly textWeight: Tensor;
  /** int32 (B, n). */
  readonly image: Tensor;
}

/**
 * The objective of stage 2 (section 2.2): cross-entropy of the next token, in nats, as a weighted sum of its mean over
 * the batch's text tokens and its mean over the batch's image tokens.
 */
export function priorLoss(
  params: Params,
  config: PriorConfig,
  masks: readonly AttentionMask[],
  batch: PriorBatch,
  hyper: PriorHyper,
  through: LayerOf = layer
): {loss: Tensor; aux: Record<string, Tensor>} {
  const {textNats, imageNats} = nextTokenNats(params, config, masks, batch, through);
  const textLoss = sum(mul(textNats, batch.textWeight));
  const imageLoss = mean(imageNats);
  const loss = add(mul(textLoss, hyper.textWeight), mul(imageLoss, hyper.imageWeight));
  return {loss, aux: {textLoss, imageLoss, positionLoss: mean(imageNats, 0)}};
}

/** −ln p of each token given those before it: text (B, T), where pads count for nothing, and image (B, n). */
export function nextTokenNats(
  params: Params,
  config: PriorConfig,
  masks: readonly AttentionMask[],
  batch: Pick<PriorBatch, "text" | "image">,
  through: LayerOf = layer
): {textNats: Tensor; imageNats: Tensor} {
  const [b = 0, n = 0] = batch.image.shape;
  const t = config.textLength;
  const h = states(params, config, masks, batch.text, slice(batch.image, [0, 0], [b, n - 1]), through);
  const rows = (from: number, count: number) =>
    reshape(slice(h, [0, from, 0], [b, count, -1]), [b * count, modelWidth(config)]);
  const targets = cast(minimum(batch.text, config.textVocabulary - 1), "int32"); // pads have no logit
  const textNats = softmaxCrossEntropy(textLogits(params, rows(0, t)), reshape(targets, [b * t]));
  const imageNats = softmaxCrossEntropy(imageLogits(params, rows(t, n)), reshape(batch.image, [b * n]));
  return {textNats: reshape(textNats, [b, t]), imageNats: reshape(imageNats, [b, n])};
}

/** One mask for each layer, over all L states; the caller disposes them. Layers of one pattern have masks of their own. */
export function attentionMasks(config: PriorConfig): AttentionMask[] {
  const text = 1 + config.textLength;
  const length = text + imageLength(config) - 1;
  const {grid, convKernel} = config;
  return patterns(config).map(
    (pattern) =>
      new AttentionMask(
        length,
        (query, key) => attends(pattern, query, key, text, grid, convKernel),
        maskGroups(pattern, length, text, grid, convKernel)
      )
  );
}

/** The image pattern of each layer. */
export function patterns(config: PriorConfig): ImagePattern[] {
  return layerPatterns(config.masks, config.layers);
}

/** All parameters by name with their shapes: weights [in, out], biases [out], embeddings [ids, d]. */
export function priorShapes(config: PriorConfig): Shapes {
  const d = modelWidth(config);
  const shapes = new Map<string, readonly number[]>([
    ["text.start", [1, d]],
    ["text.embedding", [config.textVocabulary + config.textLength, d]], // tokens, then a pad for each position
    ["text.position", [config.textLength, d]],
    ["image.embedding", [config.codes, d]],
    ["image.row", [config.grid, d]],
    ["image.column", [config.grid, d]]
  ]);
  const addLinear = (name: string, from: number, to: number) => {
    shapes.set(`${name}.weight`, [from, to]);
    shapes.set(`${name}.bias`, [to]);
  };
  for (let i = 1; i <= config.layers; ++i) {
    for (const [name, shape] of layerShapes(layerName(i), d)) shapes.set(name, shape);
  }
  shapes.set("output.norm.gain", [d]);
  shapes.set("output.norm.bias", [d]);
  addLinear("output.text", d, config.textVocabulary);
  addLinear("output.image", d, config.codes);
  return shapes;
}

/** The parameters of one layer of width d, in the order in which they are used. */
export function layerShapes(name: string, d: number): Shapes {
  const norm = (part: string) => [
    [`${name}.${part}.gain`, [d]],
    [`${name}.${part}.bias`, [d]]
  ];
  const linear = (part: string, from: number, to: number) => [
    [`${name}.${part}.weight`, [from, to]],
    [`${name}.${part}.bias`, [to]]
  ];
  return new Map(
    [
      norm("attention.norm"),
      linear("attention.qkv", d, 3 * d),
      linear("attention.output", d, d),
      norm("mlp.norm"),
      linear("mlp.input", d, 4 * d),
      linear("mlp.output", 4 * d, d)
    ].flat() as [string, number[]][]
  );
}

/** Weights N(0, 0.02²), those back into the residual stream smaller by √(2 · layers); gains 1, biases 0 (as GPT-2). */
export function initPrior(config: PriorConfig, stream: Stream): Weights {
  const residual = (2 * config.layers) ** -0.5;
  const weights = fillWeights(priorShapes(config), stream, (name) => {
    if (name.endsWith(".bias") || name.endsWith(".gain")) return 0;
    return /layer\d+\.(attention|mlp)\.output/.test(name) ? 0.02 * residual : 0.02;
  });
  for (const [name, {data}] of Object.entries(weights)) if (name.endsWith(".gain")) data.fill(1);
  return weights;
}

export function layerName(i: number): string {
  return `layer${i}`;
}

export function normalize(params: Params, name: string, x: Tensor): Tensor {
  return layerNorm(x, params[`${name}.gain`]!, params[`${name}.bias`]!, 1e-5);
}

export function project(params: Params, name: string, x: Tensor): Tensor {
  return linear(x, params[`${name}.weight`]!, params[`${name}.bias`]!);
}
