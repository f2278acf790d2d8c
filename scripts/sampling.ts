// Drawing one image a caption with weights that lie in memory, for measuring.

import {drawTokens} from "../components/models/draw.js";
import {decodeTokens, picture} from "../components/models/dvae.js";
import {imageLength} from "../components/models/priorConfig.js";
import type {PriorRecipe} from "../components/models/recipe.js";
import type {Weights} from "../components/models/weights.js";
import {dispose, type Params, paramsOf, type Tensor, tensor, tidy} from "../components/tensor/index.js";
import {pixelsOf} from "../components/training/images.js";
import {type FrozenDvae, textIds} from "../components/training/priorTask.js";
import {recipeBpe} from "../components/training/recipeBpe.js";

const batchSize = 50;

export interface PipelineWeights {
  readonly dvae: FrozenDvae;
  readonly prior: {readonly recipe: PriorRecipe; readonly weights: Weights};
}

/** One image a caption, uint8 each, drawn in batches with seeds first, first + 1, … */
export async function sampledImages(
  {dvae, prior}: PipelineWeights,
  captions: readonly string[],
  temperature: number,
  first = 1
): Promise<Uint8Array[]> {
  const [dvaeParams, params] = [paramsOf(dvae.weights), paramsOf(prior.weights)];
  const bpe = recipeBpe(prior.recipe);
  const {config} = prior.recipe;
  const images: Uint8Array[] = [];
  for (let i = 0, seed = first; i < captions.length; i += batchSize, ++seed) {
    const batch = captions.slice(i, i + batchSize);
    const text = Int32Array.from(batch.flatMap((caption) => Array.from(textIds(bpe, prior.recipe, caption))));
    const options = {seed, candidates: batch.length, temperature, topK: 0, topP: 1, report: 0};
    const tokens = await drawTokens(params, config, text, options);
    const shape: [number, number, number] = [tokens.length / imageLength(config), config.grid, config.grid];
    images.push(...(await decodedImages(dvaeParams, dvae, () => tensor(tokens, shape, "int32"))));
  }
  dispose([...Object.values(dvaeParams), ...Object.values(params)]);
  return images;
}

/** The pictures of token grids (n, h, w), uint8 each. */
export async function decodedImages(params: Params, {config}: FrozenDvae, tokens: () => Tensor): Promise<Uint8Array[]> {
  const pictures = tidy(() => picture(decodeTokens(params, config, tokens())));
  const {data, shape} = await pixelsOf(pictures);
  dispose(pictures);
  const bytes = data.length / shape[0]!;
  return Array.from({length: shape[0]!}, (_, i) => (data as Uint8Array).slice(i * bytes, (i + 1) * bytes));
}
