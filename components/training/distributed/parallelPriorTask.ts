// The prior of stage 2 for a short run over several workers.

import type {TaskAndWeights} from "../createTask.js";
import {type FrozenDvae, priorTask} from "../priorTask.js";
import type {RunSpec} from "../protocol.js";
import {distributionOf} from "./config.js";

/** Short, so that runs can be compared; and the likeliest tokens, which are looked up rather than drawn. */
const short = {updates: 300, tokenNoiseFrom: 0, tokenNoiseTo: 0};

export function parallelPriorTask(spec: RunSpec, dvae: FrozenDvae): TaskAndWeights {
  const {own} = distributionOf(spec.config);
  return priorTask({...spec, config: {...short, ...own}}, dvae);
}
