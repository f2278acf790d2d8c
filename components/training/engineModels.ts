// What the engine needs to know of models. registry.ts holds the notebook's; a test may bring its own.

import type {ClipApi, ModelName, PipelineApi, RunSpec, Size, WeightsSource} from "./protocol.js";
import type {Trainer, TrainerState} from "./trainer.js";

/** Trained weights and the run that they come from. */
export interface Weights {
  readonly spec: RunSpec;
  readonly state: TrainerState;
}

/** Weights that a pipeline draws with: fixed ones, or those of a session as they are at each use. */
export type LiveWeights = {readonly fixed: Weights} | {readonly trainer: () => Trainer; readonly spec: RunSpec};

/** The models that this engine can train and use; see registry.ts. */
export interface EngineModels {
  /** The version of the data that they are trained on. */
  readonly dataVersion: string;
  /** weights() gives another model's weights, such as the dVAE's that a prior needs. */
  createTrainer(
    spec: RunSpec,
    weights: (source: WeightsSource, model: ModelName) => Promise<Weights>
  ): Promise<Trainer>;
  createPipeline(size: Size, dvae: LiveWeights, prior: LiveWeights): Promise<PipelineApi>;
  createClip(size: Size, clip: LiveWeights): Promise<ClipApi>;
}
