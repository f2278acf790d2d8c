// Runs made by scripts/powersgd.ts: what uncompressed and compressed gradients came to, under several seeds.

import type {Series} from "../../charts/curve.js";
import type {Compression} from "../../training/distributed/config.js";
import {standardError, summarise} from "../../training/statistics.js";

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

/** In the order in which they are shown. */
export const compressedWays = ["fixed", "resampled", "warm"] as const;

/** The last tenths of a run are averaged: one batch's loss says little. */
const lastReports = 5;

export function ranksOf({runs}: StoredRuns): number[] {
  return [...new Set(runs.map(({rank}) => rank))].filter((rank) => rank > 0).sort((a, b) => a - b);
}

export function seedsOf({runs}: StoredRuns): number[] {
  return [...new Set(runs.map(({seed}) => seed))].sort((a, b) => a - b);
}

/** The mean over the seeds; empty if there is no such run. */
export function meanCurve(stored: StoredRuns, kind: Kind): Pick<Series, "steps" | "values"> {
  const own = runsOf(stored, kind);
  const steps = own[0]?.steps ?? [];
  return {steps, values: steps.map((_, i) => own.reduce((sum, {loss}) => sum + loss[i]!, 0) / own.length)};
}

/** A kind of run. */
export interface Kind {
  readonly compression: Compression;
  readonly rank: number;
}

const whole: Kind = {compression: "none", rank: 0};

/** How far above another kind's run of the same seed it ended, nats: mean and standard error over the seeds. */
export function gapTo(stored: StoredRuns, kind: Kind, other = whole): {mean: number; error: number} | null {
  const gaps = runsOf(stored, kind).flatMap((run) => {
    const beside = runsOf(stored, other).find(({seed}) => seed === run.seed);
    return beside === undefined ? [] : [ending(run) - ending(beside)];
  });
  const found = summarise(gaps);
  return found === null ? null : {mean: found.mean, error: standardError(found) ?? 0};
}

export function writtenGap({mean, error}: {mean: number; error: number}): string {
  return `${mean < 0 ? "−" : "+"}${Math.abs(mean).toFixed(3)} ± ${error.toFixed(3)}`;
}

function runsOf({runs}: StoredRuns, {compression, rank}: Kind): StoredRun[] {
  return runs.filter((run) => run.compression === compression && run.rank === rank);
}

function ending({loss}: StoredRun): number {
  const last = loss.slice(-lastReports);
  return last.reduce((a, b) => a + b, 0) / last.length;
}
