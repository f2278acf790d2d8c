// The discrete VAE of DALL·E (section 2.1, appendix A.1, released code): an image becomes a grid of codes, and back.
//
// q_φ(z | x), the encoder, gives K logits for each grid position; a token is their arg max. p_θ(x | z), the decoder, gives
// μ and ln b of each sub-pixel. There is no codebook apart from the decoder's first matrix, K × codeWidth.
//
// Shapes: B images, H×W pixels, h×w tokens, K codes. Images are in [0, 1], channels last.

import type {Stream} from "../../data/random.js";
import {relaxedSample, straightThrough} from "../nn/gumbel.js";
import {
  gaussianNll,
  klToUniform,
  laplaceNll,
  logitLaplaceNll,
  mapPixels,
  splitStatistics,
  unmapPixels,
  usageEntropy
} from "../nn/losses.js";
import {
  add,
  argMax,
  conv2d,
  embedding,
  maxPool2,
  mean,
  mul,
  oneHot,
  type Params,
  relu,
  reshape,
  sigmoid,
  softmax,
  sub,
  type Tensor,
  upsample2
} from "../tensor/index.js";
import type {DvaeConfig} from "./dvaeConfig.js";
import {pixelEpsilon} from "./paper.js";
import {fillWeights, type Shapes, type Weights} from "./weights.js";

/** x (B, H, W, 3) → logits ℓ of q_φ(z | x) (B, h, w, K). */
export function encode(params: Params, config: DvaeConfig, x: Tensor): Tensor {
  let h = conv(params, "encoder.input", mapPixels(x, pixelEpsilon)); // (B, H, W, widths[0])
  config.widths.forEach((_, group) => {
    if (group > 0) h = maxPool2(h); // halves both sides
    for (const name of blockNames("encoder", config, group)) h = block(params, name, config, h);
  });
  return conv(params, "encoder.output", relu(h)); // (B, h, w, K)
}

/** Codes z, one-hot or relaxed (B, h, w, K) → statistics of p_θ(x | z): μ and ln b (B, H, W, 6). */
export function decode(params: Params, config: DvaeConfig, z: Tensor): Tensor {
  return decodeEmbedded(params, config, conv(params, "decoder.input", z));
}

/** The same for tokens, int32 (B, h, w); with 1×1, a row of the first matrix instead of a product with a one-hot vector. */
export function decodeTokens(params: Params, config: DvaeConfig, tokens: Tensor): Tensor {
  if (config.codeKernel !== 1) return decode(params, config, oneHot(tokens, config.codes));
  const codebook = reshape(params["decoder.input.weight"]!, [config.codes, config.codeWidth]);
  return decodeEmbedded(params, config, add(embedding(codebook, tokens), params["decoder.input.bias"]!));
}

function decodeEmbedded(params: Params, config: DvaeConfig, embedded: Tensor): Tensor {
  let h = embedded; // (B, h, w, codeWidth)
  config.widths.forEach((_, group) => {
    if (group > 0) h = upsample2(h); // doubles both sides, nearest neighbour
    for (const name of blockNames("decoder", config, group)) h = block(params, name, config, h);
  });
  return conv(params, "decoder.output", relu(h)); // (B, H, W, 6)
}

/** id(x) + postGain · res(x), where res is four times ReLU and convolution; id is a 1×1 convolution if widths differ. */
function block(params: Params, name: string, config: DvaeConfig, x: Tensor): Tensor {
  let h = x;
  for (const i of [1, 2, 3, 4]) h = conv(params, `${name}.conv${i}`, relu(h));
  const identity = params[`${name}.identity.weight`] === undefined ? x : conv(params, `${name}.identity`, x);
  return add(identity, mul(h, config.postGain));
}

function conv(params: Params, name: string, x: Tensor): Tensor {
  return conv2d(x, params[`${name}.weight`]!, params[`${name}.bias`]!);
}

/** What may change between two steps. */
export interface DvaeHyper {
  /** Temperature τ of the relaxation. */
  readonly tau: number;
  /** Weight β of the KL term, in the paper's units (sum over positions against sum over sub-pixels). */
  readonly beta: number;
  /** Scale of the Gumbel noise: 1 in the paper. */
  readonly noise: number;
  /** Weight of the batch-mean posterior's entropy, nats: 0 in the paper. */
  readonly usageBonus: number;
  /** Weight of each position's KL to uniform, as a bonus: 0 in the paper. With usageBonus, it is the information in a code. */
  readonly certaintyBonus: number;
  /** Images whose posteriors are averaged for that entropy. */
  readonly usageGroup: number;
}

/**
 * The objective of stage 1, per sub-pixel (appendix A.2): [ −ln p_θ(x | z) + β Σᵢ D_KL(q_φ(zᵢ | x) ‖ uniform) ] / (3HW),
 * less the bonuses where there are any. The KL takes the encoder's plain softmax, not the relaxed sample.
 * gumbel (B, h, w, K) holds the noise.
 */
export function dvaeLoss(
  params: Params,
  config: DvaeConfig,
  x: Tensor,
  gumbel: Tensor,
  hyper: DvaeHyper
): {loss: Tensor; aux: Record<string, Tensor>} {
  const logits = encode(params, config, x);
  const y = relaxedSample(logits, mul(gumbel, hyper.noise), hyper.tau);
  const z = config.estimator === "straightThrough" ? straightThrough(y) : y;
  const distortion = mean(pixelNll(config, x, decode(params, config, z)));
  const kl = mean(klToUniform(logits)); // nats a position
  const positionsPerSubpixel = logits.size / config.codes / x.size; // 1 / 192 in the paper
  const groups = Math.max(1, Math.floor((x.shape[0] ?? 1) / hyper.usageGroup));
  const usage = usageEntropy(reshape(softmax(logits), [groups, -1, config.codes]));
  const rate = mul(kl, hyper.beta * positionsPerSubpixel);
  const bonus = add(mul(usage, hyper.usageBonus), mul(kl, hyper.certaintyBonus));
  const loss = sub(add(distortion, rate), bonus);
  return {loss, aux: {distortion, kl, usage}};
}

/** Never let ln b fall below this: flat colours would drive it, and the loss, to −∞ (the floor is ours). */
const logScaleFloor = -3;

/** −ln p_θ(x | z) for each sub-pixel, nats (B, H, W, 3). */
export function pixelNll(config: DvaeConfig, x: Tensor, statistics: Tensor): Tensor {
  const {mu, logScale} = splitStatistics(statistics);
  const target = mapPixels(x, pixelEpsilon);
  if (config.likelihood === "l2") return gaussianNll(target, mu, config.pixelScale);
  if (config.likelihood === "l1") return laplaceNll(target, mu, config.pixelScale);
  return logitLaplaceNll(target, mu, logScale, logScaleFloor);
}

/** The image to show: φ⁻¹(sigmoid(μ)), ln b ignored (appendix A.3). (B, H, W, 6) → (B, H, W, 3). */
export function picture(statistics: Tensor): Tensor {
  return unmapPixels(sigmoid(splitStatistics(statistics).mu), pixelEpsilon);
}

/** Tokens: the arg max of the logits, without noise. (B, h, w, K) → int32 (B, h, w). */
export function tokensOf(logits: Tensor): Tensor {
  return argMax(logits, -1);
}

/** All parameters by name with their shapes: convolution weights [k, k, in, out] and biases [out]. */
export function dvaeShapes(config: DvaeConfig): Shapes {
  const shapes = new Map<string, readonly number[]>();
  const addConv = (name: string, kernel: number, from: number, to: number) => {
    shapes.set(`${name}.weight`, [kernel, kernel, from, to]);
    shapes.set(`${name}.bias`, [to]);
  };
  const addGroups = (part: "encoder" | "decoder", from: number, kernels: readonly number[]) => {
    let width = from;
    config.widths.forEach((_, group) => {
      for (const name of blockNames(part, config, group)) {
        const out = ofGroup(part, config.widths, group);
        const inner = out / config.bottleneck;
        const channels = [width, inner, inner, inner, out];
        if (width !== out) addConv(`${name}.identity`, 1, width, out);
        kernels.forEach((k, i) => {
          addConv(`${name}.conv${i + 1}`, k, channels[i]!, channels[i + 1]!);
        });
        width = out;
      }
    });
    return width;
  };
  addConv("encoder.input", config.stemKernel, 3, config.widths[0]!);
  const deepest = addGroups("encoder", config.widths[0]!, [3, 3, 3, 1]);
  addConv("encoder.output", config.codeKernel, deepest, config.codes);
  addConv("decoder.input", config.codeKernel, config.codes, config.codeWidth);
  const last = addGroups("decoder", config.codeWidth, [1, 3, 3, 3]);
  addConv("decoder.output", 1, last, 6);
  return shapes;
}

/** Weights N(0, 1 / (n_in k²)), zero biases, as in the released code. */
export function initDvae(config: DvaeConfig, stream: Stream): Weights {
  return fillWeights(dvaeShapes(config), stream, (_, shape) =>
    shape.length === 1 ? 0 : (shape[0]! * shape[1]! * shape[2]!) ** -0.5
  );
}

function blockNames(part: "encoder" | "decoder", config: DvaeConfig, group: number): string[] {
  return Array.from({length: ofGroup(part, config.blocks, group)}, (_, b) => `${part}.group${group + 1}.block${b + 1}`);
}

/** A group's own entry of a list that begins at full resolution, where the encoder begins and the decoder ends. */
function ofGroup(part: "encoder" | "decoder", list: readonly number[], group: number): number {
  return list[part === "encoder" ? group : list.length - 1 - group]!;
}
