// Runs made by scripts/powersgd.ts: what uncompressed and compressed gradients came to, under several seeds.

import type {Series} from "../../charts/curve.js";
import type {Compression} from "../../training/distributed/config.js";

export interface StoredRun {
  readonly compression: Compression;
  /** 0 without compression. */
  readonly rank: number;
  readonly seed: number;
  readonly steps: readonly number[];
  readonly loss: readonly number[];
}

export interface StoredRuns {
  readonly updates: number;
  readonly runs: readonly StoredRun[];
}

/** The last tenths of a run are averaged: one batch's loss says little. */
const lastReports = 5;

export function ranksOf({runs}: StoredRuns): number[] {
  return [...new Set(runs.map(({rank}) => rank))].filter((rank) => rank > 0).sort((a, b) => a - b);
}

export function seedsOf({runs}: StoredRuns): number[] {
  return [...new Set(runs.map(({seed}) => seed))].sort((a, b) => a - b);
}

/** The mean over the seeds; empty if there is no such run. */
export function meanCurve(
  stored: StoredRuns,
  compression: Compression,
  rank: number
): Pick<Series, "steps" | "values"> {
  const own = runsOf(stored, compression, rank);
  const steps = own[0]?.steps ?? [];
  return {steps, values: steps.map((_, i) => own.reduce((sum, {loss}) => sum + loss[i]!, 0) / own.length)};
}

/** Where it ended, above the uncompressed run of the same seed: mean and standard error over the seeds, nats. */
export function gapTo(
  stored: StoredRuns,
  compression: Compression,
  rank: number
): {mean: number; error: number; loss: number} | null {
  const gaps = runsOf(stored, compression, rank).flatMap((run) => {
    const plain = runsOf(stored, "none", 0).find(({seed}) => seed === run.seed);
    return plain === undefined ? [] : [ending(run) - ending(plain)];
  });
  if (gaps.length === 0) return null;
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / Math.max(1, gaps.length - 1);
  const own = runsOf(stored, compression, rank).map(ending);
  return {mean, error: Math.sqrt(variance / gaps.length), loss: own.reduce((a, b) => a + b, 0) / own.length};
}

function runsOf({runs}: StoredRuns, compression: Compression, rank: number): StoredRun[] {
  return runs.filter((run) => run.compression === compression && run.rank === rank);
}

function ending({loss}: StoredRun): number {
  const last = loss.slice(-lastReports);
  return last.reduce((a, b) => a + b, 0) / last.length;
}
