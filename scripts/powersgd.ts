// Trains the XS prior with uncompressed gradients and with PowerSGD's, and writes the curves for the page:
//
//   npx tsx scripts/powersgd.ts --seeds 1,2,3 --ranks 2,8,24
//
// One worker, since the number of workers changes nothing but rounding (test/training/distributed.test.ts). Results go to
// data/powersgd.json run by run; those that it already holds are kept. At the end the table in docs/results.md is written
// anew.

import "./relaxedSimd.js";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {
  compressedWays,
  gapTo,
  ranksOf,
  type StoredRuns,
  seedsOf,
  writtenGap
} from "../components/figures/distributed/storedRuns.js";
import {useBackend} from "../components/tensor/index.js";
import type {Compression} from "../components/training/distributed/config.js";
import {distributedTrainer} from "../components/training/distributed/distributedTrainer.js";
import type {RunSpec} from "../components/training/protocol.js";
import {dataVersion} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";
import {shippedDvae} from "./shipped.js";

const {values} = parseArgs({
  options: {
    seeds: {type: "string", default: "1,2,3"},
    ranks: {type: "string", default: "2,8,24"},
    compressions: {type: "string", default: "fixed,resampled,warm"}
  }
});
const file = "data/powersgd.json";
const every = 10;
const list = (text: string): number[] => text.split(",").map(Number);

interface Run {
  readonly compression: Compression;
  /** 0 without compression. */
  readonly rank: number;
  readonly seed: number;
  readonly steps: number[];
  /** Of the batch, smoothed by nothing. */
  readonly loss: number[];
  readonly heldSteps: number[];
  /** Of held-back images, nats a token. */
  readonly heldImageLoss: number[];
}

await useBackend("wasm");
const dvae = shippedDvae("xs");
const old = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
let updates: number = old.updates ?? 0;
const runs: Run[] = old.dataVersion === String(dataVersion) ? old.runs : [];
for (const seed of list(values.seeds)) {
  await once("none", 0, seed);
  for (const rank of list(values.ranks)) {
    for (const compression of values.compressions.split(",")) await once(compression as Compression, rank, seed);
  }
}
replaceBetween("docs/results.md", "powersgd", tableOf({updates, runs}));
process.exit(0);

/** Above the run with whole gradients and the same seed, over the last fifty updates. */
function tableOf(stored: StoredRuns): string {
  const rows = ranksOf(stored).map((rank) => {
    const gaps = compressedWays.map((compression) => gapTo(stored, {compression, rank}));
    return `| ${[rank, ...gaps.map((gap) => (gap === null ? "" : writtenGap(gap)))].join(" | ")} |`;
  });
  return [
    `Mean and standard error over seeds ${seedsOf(stored).join(", ")}.`,
    "",
    "| rank | fixed Q | drawn anew each step | warm start |",
    "| ---: | ---: | ---: | ---: |",
    ...rows
  ].join("\n");
}

async function once(compression: Compression, rank: number, seed: number): Promise<void> {
  if (runs.some((run) => run.compression === compression && run.rank === rank && run.seed === seed)) return;
  const started = performance.now();
  const run = await trained(compression, rank, seed);
  runs.push(run);
  writeFileSync(file, `${JSON.stringify({updates, dataVersion: String(dataVersion), runs})}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${compression} ${rank}, seed ${seed}: ${run.heldImageLoss.at(-1)} nats an image token, ${seconds} s`);
}

async function trained(compression: Compression, rank: number, seed: number): Promise<Run> {
  const ranked = compression === "none" ? {} : {rank};
  const spec: RunSpec = {model: "priorParallel", size: "xs", seed, config: {workers: 1, compression, ...ranked}};
  const trainer = distributedTrainer({spec, backend: "wasm", dvae}, () => {
    throw new Error("powersgd: one worker needs no other");
  });
  updates = trainer.totalSteps;
  const run: Run = {compression, rank, seed, steps: [], loss: [], heldSteps: [], heldImageLoss: []};
  const rounded = (value: number) => Number(value.toPrecision(4));
  while (trainer.step < updates) {
    const metrics = await trainer.update({}, (trainer.step + 1) % every === 0);
    if (metrics === null) continue;
    run.steps.push(trainer.step);
    run.loss.push(rounded(metrics.loss!));
    const held = rounded(metrics.heldImageLoss!);
    if (held === run.heldImageLoss.at(-1)) continue;
    run.heldSteps.push(trainer.step);
    run.heldImageLoss.push(held);
  }
  trainer.dispose();
  return run;
}
