// How a run is spread over workers, as its settings say it.

import type {RunSpec} from "../protocol.js";

/**
 * What is sent of a gradient: all of it, or PowerSGD's factors with a Q that is drawn once for the run (DALL·E), drawn anew
 * each step, or taken from the step before (the original).
 */
export const compressions = ["none", "fixed", "resampled", "warm"] as const;
export type Compression = (typeof compressions)[number];

export interface Distribution {
  readonly workers: number;
  readonly compression: Compression;
  /** r of each compressed matrix, where the matrix has that many rows and columns. */
  readonly rank: number;
}

export const mostWorkers = 8;
export const mostRank = 96;
export const defaultDistribution: Distribution = {workers: 2, compression: "none", rank: 24};

/** The distribution, and the settings that are the model's own. */
export function distributionOf(config: RunSpec["config"] = {}): {distribution: Distribution; own: typeof config} {
  const {
    workers = defaultDistribution.workers,
    compression = defaultDistribution.compression,
    rank = defaultDistribution.rank,
    ...own
  } = config;
  const whole = (name: string, value: unknown, most: number): number => {
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new Error(`A distributed run takes ${name} from 1 to ${most}, got ${String(value)}`);
  };
  const kind = compressions.find((one) => one === compression);
  if (kind === undefined) {
    throw new Error(`A distributed run takes the compression ${compressions.join(", ")}, got ${String(compression)}`);
  }
  const distribution = {
    workers: whole("workers", workers, mostWorkers),
    compression: kind,
    rank: whole("rank", rank, mostRank)
  };
  return {distribution, own};
}
