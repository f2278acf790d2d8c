// From the name of a run to its task and initial weights. Chapters add their models here.

import type {Weights} from "../models/weights.js";
import {dvaeTask} from "./dvaeTask.js";
import {ModelTrainer, type Task} from "./modelTrainer.js";
import {type FrozenDvae, priorTask} from "./priorTask.js";
import type {RunSpec} from "./protocol.js";

/** Throws if the spec names a setting that the model does not have, or a prior comes without its dVAE. */
export function createTask(spec: RunSpec, dvae?: FrozenDvae): {task: Task; weights: Weights} {
  if (spec.model === "dvae") return dvaeTask(spec);
  if (dvae === undefined) throw new Error("createTask: expected a dVAE for the prior, got none");
  return priorTask(spec, dvae);
}

export function createTrainer(spec: RunSpec, dvae?: FrozenDvae): ModelTrainer {
  const {task, weights} = createTask(spec, dvae);
  return new ModelTrainer(spec, task, weights);
}
