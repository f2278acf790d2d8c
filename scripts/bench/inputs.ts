// What every peer is given, as plain arrays: the same weights, batch, masks and settings. Sizes are fixed, so that results
// of different days compare.

import type {DvaeHyper} from "../../components/models/dvae.js";
import {initDvae} from "../../components/models/dvae.js";
import {type DvaeConfig, gridSize} from "../../components/models/dvaeConfig.js";
import {pixelEpsilon} from "../../components/models/paper.js";
import {initPrior, type PriorHyper, patterns} from "../../components/models/prior.js";
import {imageLength, modelWidth, type PriorConfig} from "../../components/models/priorConfig.js";
import type {AdamConfig} from "../../components/models/recipe.js";
import {dvaeRecipes, priorRecipes} from "../../components/models/sizes.js";
import type {Weights} from "../../components/models/weights.js";
import {maskBias} from "../../components/nn/masks.js";
import {type Stream, stream} from "../../data/random.js";
import type {WorkloadName} from "./peer.js";

export interface Integers {
  readonly shape: readonly number[];
  readonly data: Int32Array;
}
export interface Floats {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface DvaeInputs {
  readonly config: DvaeConfig;
  readonly weights: Weights;
  /** (B, H, W, 3) in [0, 1]. */
  readonly x: Floats;
  /** Gumbel noise (B, h, w, K), not yet scaled. */
  readonly gumbel: Floats;
  readonly hyper: DvaeHyper;
  readonly pixelEpsilon: number;
  readonly adam: AdamConfig;
  readonly learningRate: number;
}

export interface PriorModel {
  readonly config: PriorConfig;
  readonly weights: Weights;
  /** What is added to the scores of each layer: (L, L). */
  readonly masks: readonly Floats[];
}

export interface PriorInputs extends PriorModel {
  readonly text: Integers;
  readonly textWeight: Floats;
  readonly image: Integers;
  readonly hyper: PriorHyper;
  readonly adam: AdamConfig;
  readonly learningRate: number;
}

export interface DrawInputs extends PriorModel {
  /** One caption for all candidates. */
  readonly text: Int32Array;
  readonly candidates: number;
  readonly seed: number;
  /** The number that chooses each code: (positions, candidates). */
  readonly uniforms: Float64Array;
}

const learningRate = 1e-3;
const batch = 16;
const candidates = 8;

const dvaeConfig: DvaeConfig = {
  ...dvaeRecipes.s!.config,
  imageSize: 32,
  widths: [32, 64],
  blocks: [1, 1],
  codes: 128
};

const priorConfig: PriorConfig = {
  ...priorRecipes.s!.config,
  textLength: 16,
  grid: 8,
  codes: 128,
  layers: 4,
  heads: 4,
  headSize: 32
};

export const titles: Record<WorkloadName, string> = {
  W1: `dVAE step: ${batch} images of 32 × 32, widths ${dvaeConfig.widths.join(" and ")}, K = ${dvaeConfig.codes}`,
  W2: `prior step: ${batch} rows of 80 tokens, d = ${modelWidth(priorConfig)}, ${priorConfig.layers} layers`,
  W3: `${imageLength(priorConfig)} tokens for ${candidates} images`,
  "W3, no cache": `${imageLength(priorConfig)} tokens for ${candidates} images, without keeping keys and values`
};

/** Of W1, or of another size. */
export function dvaeInputs(config = dvaeConfig, images = batch): DvaeInputs {
  const random = stream(1, "bench", "dvae");
  const grid = gridSize(config);
  const xShape = [images, config.imageSize, config.imageSize, 3];
  const gumbelShape = [images, grid, grid, config.codes];
  return {
    config,
    weights: initDvae(config, random.child("weights")),
    x: {shape: xShape, data: random.child("x").fillUniform(empty(xShape))},
    gumbel: {shape: gumbelShape, data: random.child("gumbel").fillGumbel(empty(gumbelShape))},
    hyper: {tau: 1, beta: 0, noise: 0.5, usageBonus: 1, certaintyBonus: 0, usageGroup: images / 2},
    pixelEpsilon,
    adam: dvaeRecipes.s!.adam,
    learningRate
  };
}

/** Of W2, or of another size. */
export function priorInputs(config = priorConfig, rows = batch): PriorInputs {
  const random = stream(1, "bench", "prior");
  const {adam, textWeight, imageWeight} = priorRecipes.s!;
  const count = rows * config.textLength;
  return {
    ...priorModel(config, random),
    text: ids(random.child("text"), [rows, config.textLength], config.textVocabulary),
    textWeight: {shape: [rows, config.textLength], data: new Float32Array(count).fill(1 / count)},
    image: ids(random.child("image"), [rows, imageLength(config)], config.codes),
    hyper: {textWeight, imageWeight},
    adam,
    learningRate
  };
}

/** Of W3. */
export function drawInputs(): DrawInputs {
  const random = stream(1, "bench", "drawing");
  const model = priorModel(priorConfig, random);
  const seed = 1;
  // As components/models/draw.ts takes them.
  const streams = Array.from({length: candidates}, (_, c) => stream(seed, "sample", c));
  return {
    ...model,
    text: Int32Array.from({length: priorConfig.textLength}, () => random.int(priorConfig.textVocabulary)),
    candidates,
    seed,
    uniforms: Float64Array.from({length: imageLength(priorConfig) * candidates}, (_, i) =>
      streams[i % candidates]!.child(Math.floor(i / candidates)).uniform()
    )
  };
}

function priorModel(config: PriorConfig, random: Stream): PriorModel {
  const text = 1 + config.textLength;
  const length = text + imageLength(config) - 1;
  return {
    config,
    weights: initPrior(config, random.child("weights")),
    masks: patterns(config).map((pattern) => ({
      shape: [length, length],
      data: maskBias(pattern, length, text, config.grid, config.convKernel)
    }))
  };
}

function ids(draws: Stream, shape: [number, number], count: number): Integers {
  return {shape, data: Int32Array.from({length: shape[0] * shape[1]}, () => draws.int(count))};
}

function empty(shape: readonly number[]): Float32Array {
  return new Float32Array(shape.reduce((a, b) => a * b, 1));
}
