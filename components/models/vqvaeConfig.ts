// What can be chosen about a VQ-VAE, and what its training is told. The numbers of the paper (van den Oord et al. 2017)
// are in the comments; the images here have 16 × 16 pixels, so the networks are far smaller.

import type {DatasetName} from "../../data/scenes/grammar.js";
import {type AdamConfig, type LearningRate, type Overrides, withOverrides} from "./recipe.js";

export interface VqVaeConfig {
  /** Height and width of an image in pixels. */
  readonly imageSize: number;
  /** Channels at full resolution and, after one halving, on the grid. */
  readonly widths: readonly [number, number];
  /** Residual blocks on the grid, in the encoder and in the decoder: 2 for CIFAR-10. */
  readonly blocks: number;
  /** K, the number of codes: 512 for ImageNet. */
  readonly codes: number;
  /** D, the length of a code's vector. */
  readonly dimensions: number;
  /** Variance of the Gaussian p(x | z_q): the scale of the reconstruction term, on which the right β depends. */
  readonly pixelVariance: number;
  /** What moves the codebook: the loss's second term, or a moving average of the outputs that chose each code. */
  readonly codebookUpdate: "gradient" | "ema";
  /** Share of the old average that is kept at each step, with "ema". */
  readonly emaDecay: number;
  /** The first codebook: K centres of the encoder's first outputs, or random vectors N(0, 1). */
  readonly start: "kMeans" | "random";
  /** Codes that no position chooses are put onto an encoder output, every so many steps; 0 leaves them dead. */
  readonly revive: number;
}

/** Weights of the loss's three terms; the paper's are 1, 1 and β = 0.25. */
export interface VqVaeHyper {
  readonly reconstruction: number;
  readonly codebook: number;
  /** β. */
  readonly commitment: number;
}

export interface VqVaeRecipe extends VqVaeHyper {
  readonly dataset: DatasetName;
  readonly config: VqVaeConfig;
  readonly batchSize: number;
  readonly updates: number;
  readonly learningRate: LearningRate;
  readonly adam: AdamConfig;
}

/** Sides of the token grid. */
export function vqGridSize({imageSize}: VqVaeConfig): number {
  return imageSize / 2;
}

const config: VqVaeConfig = {
  imageSize: 16,
  widths: [16, 32],
  blocks: 2,
  codes: 64,
  dimensions: 8,
  pixelVariance: 0.05,
  codebookUpdate: "gradient",
  emaDecay: 0.95,
  start: "kMeans",
  revive: 25
};

const recipe: VqVaeRecipe = {
  dataset: "xs",
  config,
  batchSize: 32,
  updates: 500,
  learningRate: {peak: 4e-3, final: 1e-5, warmup: 20},
  reconstruction: 1,
  codebook: 1,
  commitment: 0.25,
  // No average of the weights: the codebook that is seen must be the one in use, also right after a revival.
  adam: {beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1, emaDecay: 0}
};

/** The one with a grid of tokens, and one whose codes have two dimensions, so that they can be drawn. */
export function vqVaeRecipe(model: "vqvae" | "vqvaePlane", overrides: Overrides = {}): VqVaeRecipe {
  const plane = {...recipe, config: {...config, codes: 24, dimensions: 2, blocks: 1}};
  return withOverrides(model === "vqvae" ? recipe : plane, overrides);
}
