// What a trainer asks of workers that hold the model as it does; distributed/exchange.ts is one.

import type {Params} from "../tensor/index.js";
import type {GradientTensors} from "./gradient.js";
import type {HyperValues, ProbeArgs, Task} from "./modelTrainer.js";
import type {Metrics, ProbeResult} from "./protocol.js";
import type {TrainerState} from "./trainer.js";

/** A step that several workers share. */
export interface StepWork {
  readonly task: Task;
  readonly params: Params;
  readonly step: number;
  readonly hyper: HyperValues;
  /** The run as it is before the step. */
  state(): Promise<TrainerState>;
}

export interface ExchangedGradient {
  /** The gradient to step by, in the parameters' order. */
  readonly flat: Float32Array;
  readonly metrics: Float32Array;
  readonly names: GradientTensors["names"];
  /** What the exchange has to tell of itself. */
  readonly extra: Metrics;
}

/** Workers that hold the model as this one does, and make one gradient of all of theirs. */
export interface GradientExchange {
  gradient(work: StepWork): Promise<ExchangedGradient>;
  /** Its part of a run's state. */
  state(): Promise<TrainerState["tensors"]>;
  /** Goes on from a run's whole state. */
  restore(state: TrainerState): void;
  /** The probe "gradient", which is its own. */
  probe(name: string, args: ProbeArgs, work: StepWork): Promise<ProbeResult>;
  dispose(): void;
}
