// The paper's bound on ln p(x, y) for one captioned image, term by term, on a pipeline's own models.

import {stream} from "../../data/random.js";
import {decodeTokens, encode, pixelNll, tokensOf} from "../models/dvae.js";
import type {DvaeConfig} from "../models/dvaeConfig.js";
import {attentionMasks, imageLogits, states, textLogits} from "../models/prior.js";
import {imageLength, modelWidth} from "../models/priorConfig.js";
import type {PriorRecipe} from "../models/recipe.js";
import {klToUniform} from "../nn/losses.js";
import {
  type AttentionMask,
  add,
  cast,
  dispose,
  mean,
  minimum,
  neg,
  type Params,
  read,
  reshape,
  slice,
  softmaxCrossEntropy,
  sum,
  type Tensor,
  tensor,
  tidy,
  tile
} from "../tensor/index.js";
import {imageTensor} from "./images.js";
import type {ArrayPayload, BoundTerms} from "./protocol.js";

export interface BoundModels {
  readonly dvaeConfig: DvaeConfig;
  readonly dvae: Params;
  readonly recipe: PriorRecipe;
  readonly prior: Params;
}

export interface BoundRequest {
  /** uint8 [1, H, W, 3]. */
  readonly image: ArrayPayload;
  /** Padded. */
  readonly text: Int32Array;
  /** How many times z is drawn from q_φ for the expectations. */
  readonly draws: number;
  readonly seed: number;
}

export async function boundTerms(models: BoundModels, request: BoundRequest): Promise<BoundTerms> {
  const {config} = models.recipe;
  const masks = attentionMasks(config);
  const made = tidy(() => termTensors(models, request, masks));
  const count = request.text.filter((id) => id < config.textVocabulary).length;
  const floats = async (values: Tensor) => Float32Array.from(await read(values));
  const grid = (data: Float32Array | Int32Array): ArrayPayload => ({shape: [config.grid, config.grid], data});
  const result: BoundTerms = {
    codes: config.codes,
    tokens: grid(Int32Array.from(await read(made.likeliest))),
    reconstruction: (await read(made.reconstruction))[0]!,
    uniformKl: grid(await floats(made.uniformKl)),
    crossEntropy: grid(await floats(made.crossEntropy)),
    tokenCost: grid(await floats(made.tokenCost)),
    text: (await floats(made.text)).slice(0, count)
  };
  dispose(Object.values(made));
  for (const mask of masks) mask.dispose();
  return result;
}

/** The terms in nats: reconstruction (), the others for each of n positions. z is drawn `draws` times from q_φ(z | x). */
function termTensors(models: BoundModels, request: BoundRequest, masks: readonly AttentionMask[]) {
  const {dvaeConfig, dvae, recipe, prior} = models;
  const {text: caption, draws, seed} = request;
  const {grid, codes} = recipe.config;
  const n = imageLength(recipe.config);
  const x = imageTensor(request.image);
  const logits = encode(dvae, dvaeConfig, x); // (1, h, w, K)
  const gumbel = gumbels(seed, [draws, grid, grid, codes]);
  const z = tokensOf(add(tile(logits, [draws, 1, 1, 1]), gumbel)); // Gumbel-max
  const likeliest = tokensOf(logits);
  const nll = pixelNll(dvaeConfig, tile(x, [draws, 1, 1, 1]), decodeTokens(dvae, dvaeConfig, z));
  const costs = (tokens: Tensor) => imageCosts(prior, recipe, masks, caption, tokens); // −ln p_ψ
  const drawn = costs(reshape(z, [draws, n]));
  return {
    likeliest,
    reconstruction: neg(mean(sum(nll, [1, 2, 3]))), // E ln p_θ(x | z)
    uniformKl: reshape(klToUniform(logits), [n]), // stage 1
    crossEntropy: mean(drawn.image, 0), // stage 2
    text: drawn.text,
    tokenCost: reshape(costs(reshape(likeliest, [1, n])).image, [n])
  };
}

/** −ln p_ψ of every token given those before it: image (B, n); text (T), of the first sequence, pads included. */
function imageCosts(
  params: Params,
  {config}: PriorRecipe,
  masks: readonly AttentionMask[],
  ids: Int32Array,
  image: Tensor
): {image: Tensor; text: Tensor} {
  const [b = 0, n = 0] = image.shape;
  const t = config.textLength;
  const width = modelWidth(config);
  const text = tile(tensor(ids, [1, t], "int32"), [b, 1]);
  const h = states(params, config, masks, text, slice(image, [0, 0], [b, n - 1]));
  const imageRows = reshape(slice(h, [0, t, 0], [b, n, -1]), [b * n, width]);
  const textRows = reshape(slice(h, [0, 0, 0], [1, t, -1]), [t, width]);
  const targets = cast(minimum(slice(text, [0, 0], [1, t]), config.textVocabulary - 1), "int32");
  return {
    image: reshape(softmaxCrossEntropy(imageLogits(params, imageRows), reshape(image, [b * n])), [b, n]),
    text: softmaxCrossEntropy(textLogits(params, textRows), reshape(targets, [t]))
  };
}

function gumbels(seed: number, shape: readonly number[]): Tensor {
  const noise = new Float32Array(shape.reduce((a, b) => a * b, 1));
  return tensor(stream(seed, "bound").fillGumbel(noise), [...shape]);
}
