// The prior of stage 2 for a short run over several workers.

import {priorRecipeOf} from "../../models/choices.js";
import type {TaskAndWeights} from "../createTask.js";
import {type FrozenDvae, priorTask} from "../priorTask.js";
import type {RunSpec} from "../protocol.js";
import {distributionOf} from "./config.js";

/** So that runs can be compared in half a minute each; with the likeliest tokens, which are looked up rather than drawn. */
const short = {updates: 240, batchSize: 16, tokenNoiseFrom: 0, tokenNoiseTo: 0};
const warmup = 30;

export function parallelPriorTask(spec: RunSpec, dvae: FrozenDvae): TaskAndWeights {
  const {own} = distributionOf(spec.config);
  const recipe = priorRecipeOf(spec.size, {...short, ...own});
  return priorTask(spec, dvae, {recipe: {...recipe, learningRate: {...recipe.learningRate, warmup}}});
}
