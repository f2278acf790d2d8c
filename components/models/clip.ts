// CLIP (Radford et al. 2021): two transformers, one over an image's patches, which convolutions have read, and one over a
// caption's tokens, trained so that a pair that belongs together has a larger similarity than pairs that do not. DALL·E re-ranks with it (section 2.6).
//
// Shapes: B pairs, n patches of p × p pixels, T text positions, w channels of a tower, d of what they share.

import type {Stream} from "../../data/random.js";
import {contrast, lateInteraction, ntXent, simSiam, unit} from "../nn/contrast.js";
import {maskBias} from "../nn/masks.js";
import {
  add,
  concat,
  conv2d,
  embedding,
  exp,
  gelu,
  linear,
  matMul,
  maxPool2,
  mean,
  minimum,
  mul,
  type Params,
  relu,
  reshape,
  slice,
  softmaxCrossEntropy,
  sum,
  type Tensor,
  tensor,
  tile
} from "../tensor/index.js";
import {type ClipConfig, patchCount, specialIds, towerWidth} from "./clipConfig.js";
import {layer, layerShapes, normalize, project} from "./prior.js";
import {fillWeights, type Shapes, type Weights} from "./weights.js";

/** Convolutions down to a grid, a place for each patch, in raster order: (B, H, W, 3) → (B, n, stem's last). */
function patches(params: Params, config: ClipConfig, images: Tensor): Tensor {
  let h = images;
  for (const i of config.stem.keys()) {
    h = maxPool2(relu(conv2d(h, params[`image.conv${i + 1}.weight`]!, params[`image.conv${i + 1}.bias`]!)));
  }
  return reshape(h, [h.shape[0]!, patchCount(config), config.stem.at(-1)!]);
}

/** The image tower: a class token, then the patches, each sees all. (B, H, W, 3) → (B, 1 + n, w). */
export function imageStates(params: Params, config: ClipConfig, images: Tensor): Tensor {
  const [b = 0] = images.shape;
  const cut = project(params, "image.patch", patches(params, config, images));
  const start = tile(reshape(params["image.class"]!, [1, 1, -1]), [b, 1, 1]);
  const x = add(concat([start, cut], 1), params["image.position"]!);
  return tower(params, config, "image", config.imageLayers, x, null);
}

/** The text tower: each token sees those before it, as in CLIP. text: int32 (B, T) → (B, T, w). */
export function textStates(params: Params, config: ClipConfig, text: Tensor): Tensor {
  const {textLength: t, maskedText} = config;
  const x = add(embedding(params["text.embedding"]!, text), params["text.position"]!);
  const causal = maskedText ? null : tensor(maskBias("dense", t, t, 1, 1), [t, t]);
  return tower(params, config, "text", config.textLayers, x, causal);
}

function tower(params: Params, config: ClipConfig, name: string, layers: number, x: Tensor, bias: Tensor | null) {
  let h = x;
  for (let i = 1; i <= layers; ++i) h = layer(params, config, `${name}.layer${i}`, h, bias);
  return normalize(params, `${name}.norm`, h);
}

/** A batch of captions. */
export interface ClipText {
  /** int32 (B, T): tokens, the end, pads. */
  readonly text: Tensor;
  /** float (B, T): 1 at the end of the text, whose state stands for the whole. */
  readonly end: Tensor;
  /** float (B, T): 1 at tokens and at the end, 0 at pads. */
  readonly words: Tensor;
}

/** What the towers make of a batch: states before they are projected into the shared space. */
export interface Seen {
  readonly image: Tensor; // (I, w), or late interaction (I, n, w)
  readonly text: Tensor; // (T, w), or (T, m, w)
  readonly words: Tensor;
}

export function look(params: Params, config: ClipConfig, images: Tensor, {text, end, words}: ClipText): Seen {
  return {image: lookAtImages(params, config, images), ...read(params, config, {text, end, words})};
}

export function lookAtImages(params: Params, config: ClipConfig, images: Tensor): Tensor {
  const states = imageStates(params, config, images);
  const [b = 0, n = 0, w = 0] = states.shape;
  if (config.lateInteraction) return slice(states, [0, 1, 0], [b, n - 1, w]);
  return reshape(slice(states, [0, 0, 0], [b, 1, w]), [b, w]);
}

export function read(params: Params, config: ClipConfig, {text, end, words}: ClipText): Pick<Seen, "text" | "words"> {
  const states = textStates(params, config, text);
  const [b = 0, t = 0] = text.shape;
  const last = () => sum(mul(states, reshape(end, [b, t, 1])), 1);
  return {text: config.lateInteraction ? states : last(), words};
}

/** Cosines of every caption with every image: text looks up images (T, I), and images look up text (I, T). */
export function similarities(
  params: Params,
  config: ClipConfig,
  seen: Seen
): {textToImage: Tensor; imageToText: Tensor} {
  const compare = (extra: string) => {
    const v = unit(linear(seen.text, params[`text.projection${extra}`]!));
    const u = unit(linear(seen.image, params[`image.projection${extra}`]!));
    if (config.lateInteraction) return lateInteraction(v, u, seen.words);
    return {textToImage: matMul(v, u, false, true), imageToText: matMul(u, v, false, true)};
  };
  const {textToImage, imageToText} = compare("");
  return {textToImage, imageToText: config.extraProjection ? compare("2").imageToText : imageToText};
}

/** e^s, the inverse temperature of the similarities: learnt, and never above 100. */
export function similarityScale(params: Params): Tensor {
  return exp(minimum(params.scale!, Math.log(100)));
}

/** Weights of what is learnt beside the pairs: 0.05 each in the listing. */
export interface ClipHyper {
  readonly imageSslWeight: number;
  readonly textSslWeight: number;
}

export interface ClipBatch extends ClipText {
  /** float (B, H, W, 3) in [0, 1]. */
  readonly images: Tensor;
  /** Each image with patches of another in it, the same shape: no caption's image. */
  readonly spoiled?: Tensor;
  /** Two changed views of the images, for learning on images alone. */
  readonly viewA?: Tensor;
  readonly viewB?: Tensor;
  /** int32 (B, T): the text with some tokens hidden; float (B, T): 1 / count at those. */
  readonly hiddenText?: Tensor;
  readonly hiddenWeight?: Tensor;
}

/** (1 − w_text − w_image) · ½ (text finds its image + image finds its text) + w_text · masked text + w_image · views. */
export function clipLoss(
  params: Params,
  config: ClipConfig,
  batch: ClipBatch,
  hyper: ClipHyper
): {loss: Tensor; aux: Record<string, Tensor>} {
  const [b = 0] = batch.text.shape;
  const images = config.spoiledCopies ? concat([batch.images, batch.spoiled!], 0) : batch.images; // (I, H, W, 3)
  const {textToImage, imageToText} = similarities(params, config, look(params, config, images, batch));
  const scale = similarityScale(params);
  const textLoss = contrast(mul(textToImage, scale), config.decoupled);
  const imageLoss = contrast(mul(slice(imageToText, [0, 0], [b, b]), scale), config.decoupled); // of true images
  const pairs = mul(add(textLoss, imageLoss), 0.5);
  const aux: Record<string, Tensor> = {pairLoss: pairs, textLoss, imageLoss, scale: reshape(scale, [])};
  const {imageSslWeight: wImage, textSslWeight: wText} = hyper;
  const views = config.visualSsl !== "none";
  let loss = mul(pairs, 1 - (config.maskedText ? wText : 0) - (views ? wImage : 0));
  if (views) {
    aux.viewLoss = viewLoss(params, config, batch.viewA!, batch.viewB!);
    loss = add(loss, mul(aux.viewLoss, wImage));
  }
  if (config.maskedText) {
    aux.hiddenLoss = hiddenLoss(params, config, batch);
    loss = add(loss, mul(aux.hiddenLoss, wText));
  }
  return {loss, aux};
}

/** Two views of an image belong together: nothing is asked of the caption. */
function viewLoss(params: Params, config: ClipConfig, a: Tensor, b: Tensor): Tensor {
  const [n = 0] = a.shape;
  const states = imageStates(params, config, concat([a, b], 0));
  const z = twoLayers(params, "views.projection", mean(states, 1)); // (2B, w)
  const half = (t: Tensor, from: number) => slice(t, [from, 0], [n, -1]);
  if (config.visualSsl === "simclr") return ntXent(unit(half(z, 0)), unit(half(z, n)), 0.1);
  const p = twoLayers(params, "views.predictor", z);
  return simSiam([half(p, 0), half(p, n)], [half(z, 0), half(z, n)]);
}

function twoLayers(params: Params, name: string, x: Tensor): Tensor {
  return project(params, `${name}.output`, gelu(project(params, `${name}.input`, x)));
}

/** Cross-entropy of the tokens that were hidden. */
function hiddenLoss(params: Params, config: ClipConfig, batch: ClipBatch): Tensor {
  const [b = 0, t = 0] = batch.text.shape;
  const states = reshape(textStates(params, config, batch.hiddenText!), [b * t, towerWidth(config)]);
  const nats = softmaxCrossEntropy(project(params, "text.guess", states), reshape(batch.text, [b * t]));
  return sum(mul(nats, reshape(batch.hiddenWeight!, [b * t])));
}

/** All parameters by name with their shapes. */
export function clipShapes(config: ClipConfig): Shapes {
  const w = towerWidth(config);
  const ids = specialIds(config).hidden + 1;
  const shapes = new Map<string, readonly number[]>([
    ["scale", [1]],
    ...config.stem.flatMap((channels, i): [string, number[]][] => [
      [`image.conv${i + 1}.weight`, [3, 3, config.stem[i - 1] ?? 3, channels]],
      [`image.conv${i + 1}.bias`, [channels]]
    ]),
    ["image.patch.weight", [config.stem.at(-1)!, w]],
    ["image.patch.bias", [w]],
    ["image.class", [w]],
    ["image.position", [1 + patchCount(config), w]],
    ["text.embedding", [ids, w]],
    ["text.position", [config.textLength, w]]
  ]);
  const declare = (more: Shapes) => {
    for (const [name, shape] of more) shapes.set(name, shape);
  };
  const addLinear = (name: string, from: number, to: number) => {
    shapes.set(`${name}.weight`, [from, to]);
    shapes.set(`${name}.bias`, [to]);
  };
  for (const [name, layers] of [
    ["image", config.imageLayers],
    ["text", config.textLayers]
  ] as const) {
    for (let i = 1; i <= layers; ++i) declare(layerShapes(`${name}.layer${i}`, w));
    shapes.set(`${name}.norm.gain`, [w]);
    shapes.set(`${name}.norm.bias`, [w]);
    shapes.set(`${name}.projection`, [w, config.embedding]);
    if (config.extraProjection) shapes.set(`${name}.projection2`, [w, config.embedding]);
  }
  if (config.visualSsl !== "none") {
    const heads = config.visualSsl === "simsiam" ? ["projection", "predictor"] : ["projection"];
    for (const head of heads) {
      addLinear(`views.${head}.input`, w, w);
      addLinear(`views.${head}.output`, w, w);
    }
  }
  if (config.maskedText) addLinear("text.guess", w, ids);
  return shapes;
}

/** As the prior's; the projections √(1/w), the second pair a copy of the first, s = ln(1/0.07) as in CLIP's code. */
export function initClip(config: ClipConfig, stream: Stream): Weights {
  const w = towerWidth(config);
  const residual = (2 * Math.max(config.imageLayers, config.textLayers)) ** -0.5;
  const weights = fillWeights(clipShapes(config), stream, (name, shape) => {
    if (name.endsWith(".bias") || name.endsWith(".gain") || name === "scale") return 0;
    if (name.startsWith("image.conv")) return Math.sqrt(2 / (9 * shape[2]!)); // as ReLU wants it (He et al. 2015)
    if (name === "image.patch.weight" || name.startsWith("views.")) return shape[0]! ** -0.5;
    if (name.includes("projection")) return w ** -0.5;
    return /layer\d+\.(attention|mlp)\.output/.test(name) ? 0.02 * residual : 0.02;
  });
  for (const [name, {data}] of Object.entries(weights)) if (name.endsWith(".gain")) data.fill(1);
  weights.scale!.data.fill(Math.log(1 / 0.07));
  for (const name of ["image.projection", "text.projection"]) weights[`${name}2`]?.data.set(weights[name]!.data);
  return weights;
}
