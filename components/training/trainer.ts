// A model in training, as the worker and the pre-training script see it. Pure computation: no DOM, no messages.

import type {Hyper, Metrics, ProbeResult, RunSpec} from "./protocol.js";

/** Everything needed to go on exactly: parameters, their moving average, the optimiser's moments, the step. */
export interface TrainerState {
  readonly step: number;
  /** Named float32 arrays with shapes, e.g. "params/encoder.stem.weight", "ema/…", "adam.m", "adam.v". */
  readonly tensors: ReadonlyMap<string, {shape: readonly number[]; data: Float32Array}>;
}

export interface Trainer {
  readonly spec: RunSpec;
  readonly step: number;
  /** The step at which the default schedules end. */
  readonly totalSteps: number;
  /**
   * One optimiser update; hyper overrides the schedules by name. With read, awaits and returns the step's metrics;
   * without, returns null and leaves the device's pipeline running.
   * Throws DivergedError when the loss or a gradient is not finite; without read, that of the update before.
   */
  update(hyper: Hyper, read: boolean): Promise<Metrics | null>;
  /** Named views of the model for the figures, e.g. "reconstructions", "usage", "samples". */
  probe(name: string, args?: Readonly<Record<string, number | string>>): Promise<ProbeResult>;
  state(): Promise<TrainerState>;
  /** Validates names and shapes first; nothing changes if it throws. */
  restore(state: TrainerState): void;
  dispose(): void;
}

/** The numbers are no longer finite: the worker rolls back to the last good state and says so. */
export class DivergedError extends Error {
  override name = "DivergedError";
  /** step: the update whose numbers they are, which need not be the newest. */
  constructor(
    readonly step: number,
    what: string
  ) {
    super(`step ${step}: ${what}`);
  }
}

/** Weights "ema/…" as the parameters, their average, and moments of nought, in the shape of a fresh state. */
export function withMoments(
  averaged: TrainerState["tensors"],
  fresh: TrainerState["tensors"]
): TrainerState["tensors"] {
  const filled = [...fresh].map(([name, {shape, data}]) => {
    const [group, ...rest] = name.split("/");
    if (group === "m" || group === "v") return [name, {shape, data: new Float32Array(data.length)}] as const;
    const found = averaged.get(`ema/${rest.join("/")}`);
    if (found === undefined)
      throw new Error(`withMoments: expected the shipped weights to hold ${rest.join("/")}, got none`);
    return [name, found] as const;
  });
  return new Map(filled);
}
