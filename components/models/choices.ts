// Whose choices a run makes: the miniature's (sizes.ts) or the paper's (paper.ts), at the miniature's size.

import type {DatasetName} from "../../data/scenes/grammar.js";
import {layerPatterns} from "../nn/masks.js";
import {paperDvae, paperDvaeTraining, paperPriorTraining} from "./paper.js";
import {type DvaeRecipe, type Overrides, type PriorRecipe, withOverrides} from "./recipe.js";
import {dvaeRecipes, priorRecipes} from "./sizes.js";

/**
 * The paper's choices at the miniature's size: likelihood, relaxation and its temperature, post-gain, KL with its ramp, all
 * of the noise. In the paper τ falls over the first twentieth of the training and β rises over the first six-hundredth
 * (appendix A.2); of a training this short that would be a few steps, so they take a half and a tenth. Step size, batch
 * and widths stay the miniature's.
 */
function paperDvaeChoices(recipe: DvaeRecipe): DvaeRecipe {
  const {tau, beta} = paperDvaeTraining;
  const blocks = recipe.config.blocks.reduce((sum, n) => sum + n, 0);
  return {
    ...recipe,
    config: {
      ...recipe.config,
      likelihood: paperDvae.likelihood,
      estimator: paperDvae.estimator,
      postGain: 1 / blocks ** 2
    },
    tau: {from: tau.from, to: tau.to, start: 0, end: recipe.updates / 2},
    beta: {from: beta.from, to: beta.to, start: 0, end: recipe.updates / 10},
    noise: {from: 1, to: 1, start: 0, end: 1},
    usageBonus: {from: 0, to: 0, start: 0, end: 1},
    certaintyBonus: {from: 0, to: 0, start: 0, end: 1}
  };
}

/** The same for the prior: the likeliest tokens, the halved step size, and the paper's bound on the gradient's norm. */
function paperPriorChoices(recipe: PriorRecipe): PriorRecipe {
  const {clipNorm, learningRate} = paperPriorTraining;
  const {peak, warmup} = recipe.learningRate;
  return {
    ...recipe,
    learningRate: {peak, halvings: learningRate.halvings, warmup},
    tokenNoise: {from: 0, to: 0, start: 0, end: 1},
    adam: {...recipe.adam, clipNorm}
  };
}

/** Whose choices a run makes: the miniature's, which are the default, or the paper's. */
export type Choices = "miniature" | "paper";

/** The dVAE's recipe of a run: the miniature's, or with {choices: "paper"} the paper's, with settings replaced by name. */
export function dvaeRecipeOf(size: DatasetName, config: Overrides = {}): DvaeRecipe {
  const {paper, overrides} = chosen(config);
  return withOverrides(paper ? paperDvaeChoices(dvaeRecipes[size]) : dvaeRecipes[size], overrides);
}

/** The same for the prior. */
export function priorRecipeOf(size: DatasetName, config: Overrides = {}): PriorRecipe {
  const {paper, overrides} = chosen(config);
  const whole = paper ? paperPriorChoices(priorRecipes[size]) : priorRecipes[size];
  const recipe = withOverrides(whole, overrides);
  layerPatterns(recipe.config.masks, recipe.config.layers); // throws if the setting names no pattern
  // The noise fades over the same share of a run that is longer or shorter.
  const share = recipe.updates / whole.updates;
  const {start, end} = recipe.tokenNoise;
  return {...recipe, tokenNoise: {...recipe.tokenNoise, start: start * share, end: end * share}};
}

function chosen({choices = "miniature", ...overrides}: Overrides): {paper: boolean; overrides: Overrides} {
  if (choices !== "miniature" && choices !== "paper") {
    throw new Error(`A recipe takes the choices miniature or paper, got ${String(choices)}`);
  }
  return {paper: choices === "paper", overrides};
}
