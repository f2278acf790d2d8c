// How the small exact model of the chapter on the bound is trained.

import type {DatasetName} from "../../data/scenes/grammar.js";
import type {ElboConfig} from "./elbo.js";
import {type AdamConfig, type Anneal, type LearningRate, type Overrides, withOverrides} from "./recipe.js";

export interface ElboRecipe {
  readonly dataset: DatasetName;
  readonly config: ElboConfig;
  readonly batchSize: number;
  readonly updates: number;
  readonly learningRate: LearningRate;
  readonly beta: Anneal;
  readonly adam: AdamConfig;
}

const recipe: Omit<ElboRecipe, "dataset"> = {
  config: {side: 4, codes: 8, hidden: 2, sigma: 0.3, prior: "uniform"},
  batchSize: 64,
  updates: 600,
  learningRate: {peak: 3e-2, final: 1e-4, warmup: 20},
  beta: {from: 1, to: 1, start: 0, end: 1},
  adam: {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: 100, emaDecay: 0.95}
};

export function elboRecipeOf(size: DatasetName, overrides: Overrides = {}): ElboRecipe {
  return withOverrides({...recipe, dataset: size}, overrides);
}
