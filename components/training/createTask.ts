// From the name of a run to its task and initial weights. Chapters add their models here.

import type {Weights} from "../models/weights.js";
import {autoencoderTask} from "./autoencoderTask.js";
import {clipTask} from "./clipTask.js";
import {parallelPriorTask} from "./distributed/parallelPriorTask.js";
import {dvaeTask} from "./dvaeTask.js";
import {elboTask} from "./elboTask.js";
import {gumbelTask} from "./gumbelTask.js";
import {halfPriorTask} from "./halfPriorTask.js";
import {ModelTrainer, type Task} from "./modelTrainer.js";
import {type FrozenDvae, priorTask} from "./priorTask.js";
import type {ModelName, RunSpec} from "./protocol.js";
import {vqvaeTask} from "./vqvaeTask.js";

export interface TaskAndWeights {
  readonly task: Task;
  /** Initial. */
  readonly weights: Weights;
}

const tasks: Readonly<Record<ModelName, (spec: RunSpec, dvae?: FrozenDvae) => TaskAndWeights>> = {
  ae: autoencoderTask,
  aePlane: autoencoderTask,
  vae: autoencoderTask,
  vaePlane: autoencoderTask,
  elbo: elboTask,
  dvae: dvaeTask,
  vqvae: vqvaeTask,
  vqvaePlane: vqvaeTask,
  gumbel: gumbelTask,
  clip: clipTask,
  prior: (spec, dvae) => priorTask(spec, given(dvae)),
  priorHalf: (spec, dvae) => halfPriorTask(spec, given(dvae)),
  priorParallel: (spec, dvae) => parallelPriorTask(spec, given(dvae))
};

function given(dvae: FrozenDvae | undefined): FrozenDvae {
  if (dvae === undefined) throw new Error("createTask: expected a dVAE for the prior, got none");
  return dvae;
}

/** The models that learn from a dVAE's tokens. */
export function needsDvae(model: ModelName): boolean {
  return model === "prior" || model === "priorHalf" || model === "priorParallel";
}

/** Throws if the spec names a setting that the model does not have, or a prior comes without its dVAE. */
export function createTask(spec: RunSpec, dvae?: FrozenDvae): TaskAndWeights {
  return tasks[spec.model](spec, dvae);
}

export function createTrainer(spec: RunSpec, dvae?: FrozenDvae): ModelTrainer {
  const {task, weights} = createTask(spec, dvae);
  return new ModelTrainer(spec, task, weights);
}
