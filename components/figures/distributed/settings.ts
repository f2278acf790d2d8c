// What a reader chooses about a distributed run: how many workers, what they send, and of which rank.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {changed, element, extend} from "../../charts/dom.js";
import {type Compression, defaultDistribution, mostRank, mostWorkers} from "../../training/distributed/config.js";
import type {ConfigControl, RunConfig} from "../choices.js";

export const compressionNames: Readonly<Record<Compression, string>> = {
  none: "whole gradients",
  fixed: "PowerSGD, Q fixed",
  resampled: "PowerSGD, Q drawn anew",
  warm: "PowerSGD, warm start"
};

/** What a run's settings say, the defaults filled in. */
export function distributionIn(config: RunConfig): {workers: number; compression: Compression; rank: number} {
  return {...defaultDistribution, ...(config as Partial<typeof defaultDistribution>)};
}

/** The settings of a run; a rank without compression would name the same run twice. */
export function configOf(workers: number, compression: Compression, rank: number): RunConfig {
  return {workers, compression, ...(compression === "none" ? {} : {rank})};
}

/** Emits "input" once a change is done: each starts the run anew. */
export function distributionControl(initial: {
  workers: number;
  compression: Compression;
  rank: number;
}): ConfigControl & {readonly rank: number} {
  const compression = select<Compression>({
    label: "workers send",
    value: initial.compression,
    choices: Object.entries(compressionNames).map(([value, label]) => ({value: value as Compression, label}))
  });
  const workers = select<string>({
    label: "workers",
    value: String(initial.workers),
    choices: Array.from({length: mostWorkers}, (_, i) => ({value: String(i + 1), label: String(i + 1)}))
  });
  const rank = slider({
    symbol: "r",
    label: "rank",
    min: 1,
    max: mostRank,
    step: 1,
    value: initial.rank,
    ticks: [1, 24, {value: mostRank, label: `${mostRank}: full`}]
  });
  const node = element("div", {class: "figure-controls"}, workers, compression, rank);
  const adapt = () => {
    rank.disabled = compression.value === "none";
  };
  adapt();
  for (const control of [compression, workers, rank]) {
    control.addEventListener("input", (event) => event.stopPropagation());
    control.addEventListener("change", (event) => {
      event.stopPropagation();
      adapt();
      changed(node);
    });
  }
  return extend(node as HTMLElement, {
    get value(): RunConfig {
      return configOf(Number(workers.value), compression.value, rank.value);
    },
    set value(config: RunConfig) {
      const chosen = distributionIn(config);
      workers.value = String(chosen.workers);
      compression.value = chosen.compression;
      if (config.rank !== undefined) rank.value = chosen.rank;
      adapt();
    },
    get rank(): number {
      return rank.value;
    }
  });
}
