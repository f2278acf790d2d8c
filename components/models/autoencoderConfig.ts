// What can be chosen about an autoencoder and a VAE, and what the miniature chooses. None of it is the paper's: these are
// the two models that its first stage is built from.

import type {AdamConfig, Overrides, WarmupCosine} from "./recipe.js";
import {withOverrides} from "./recipe.js";

export interface AutoencoderConfig {
  /** Height and width of an image in pixels. */
  readonly imageSize: number;
  /** Channels of the three convolutions, at full resolution first; the decoder mirrors them. */
  readonly widths: readonly [number, number, number];
  /** Units of the dense layer on either side of the bottleneck. */
  readonly hidden: number;
  /** d, the numbers in the bottleneck. */
  readonly latents: number;
  /** A VAE's encoder gives a distribution, and both halves are told β; an autoencoder's gives a point. */
  readonly variational: boolean;
  /** An autoencoder of every width at once: in training each image keeps a random number of leading latents. */
  readonly nested: boolean;
  /** Standard deviation of p_θ(x | z) for each sub-pixel, of a VAE. */
  readonly pixelScale: number;
}

export interface AutoencoderRecipe {
  readonly config: AutoencoderConfig;
  /** Which scenes: all of XS, or those with their object at the top left. */
  readonly slice: "all" | "topLeft";
  readonly batchSize: number;
  readonly updates: number;
  readonly learningRate: WarmupCosine;
  readonly adam: AdamConfig;
}

const common = {
  batchSize: 32,
  learningRate: {peak: 4e-3, final: 1e-5, warmup: 50},
  adam: {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4, clipNorm: 1, emaDecay: 0.99}
} as const;

const network = {imageSize: 16, widths: [16, 24, 32], hidden: 96, nested: false, pixelScale: 0.5} as const;

const recipes = {
  /** Every width from 1 to 32. */
  ae: {...common, slice: "all", updates: 2400, config: {...network, latents: 32, variational: false, nested: true}},
  /** Two latents, to be drawn as a plane. */
  aePlane: {...common, slice: "topLeft", updates: 2400, config: {...network, latents: 2, variational: false}},
  /** Eight latents, to see which collapse. */
  vae: {...common, slice: "all", updates: 2400, config: {...network, latents: 8, variational: true}},
  vaePlane: {...common, slice: "topLeft", updates: 2400, config: {...network, latents: 2, variational: true}}
} satisfies Record<string, AutoencoderRecipe>;

export type AutoencoderName = keyof typeof recipes;

/** The recipe of a model, with settings replaced by name. Throws on a setting that it does not have. */
export function autoencoderRecipe(name: AutoencoderName, overrides: Overrides = {}): AutoencoderRecipe {
  return withOverrides<AutoencoderRecipe>(recipes[name], overrides);
}
