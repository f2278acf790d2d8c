// Trains the discrete VAE of XS with settings taken away or exchanged, for the chapter on stage 1:
//
//   npx tsx scripts/ablations.ts
//   options: --seeds 3  --only tau,beta  --updates 600  --workers 2  --fresh
//
// After each run data/ablations.json is written; started again, it does only what is missing. Runs of another length or
// other scenes are thrown away. The table in docs/results.md is written anew at the end.

import "./relaxedSimd.js";
import {existsSync, readFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {useBackend} from "../components/tensor/index.js";
import {
  type AblationConfig,
  type AblationFile,
  type AblationRun,
  ablationConfigs,
  configKey
} from "../components/training/ablations.js";
import type {RunSpec} from "../components/training/protocol.js";
import {DivergedError} from "../components/training/trainer.js";
import {dataVersion} from "../data/scenes/index.js";
import {writeAblationTable} from "./ablationTable.js";
import {begun, follow} from "./train.js";
import {runLines, writeWhole} from "./whole.js";

const {values} = parseArgs({
  options: {
    seeds: {type: "string", default: "3"},
    only: {type: "string"},
    updates: {type: "string", default: "600"},
    workers: {type: "string", default: "2"},
    out: {type: "string", default: "data/ablations.json"},
    fresh: {type: "boolean", default: false}
  }
});
const updates = Number(values.updates);
const every = 25;
const kept = ["loss", "softError", "hardError", "elbRelaxed", "elbTrue", "perplexity", "deadCodes", "gradNorm"];

const command = `npx tsx scripts/ablations.ts ${process.argv.slice(2).join(" ")}`.trim();
let file: AblationFile = {updates, dataVersion: String(dataVersion), command, runs: []};
if (existsSync(values.out) && !values.fresh) {
  const found = JSON.parse(readFileSync(values.out, "utf8")) as AblationFile;
  if (found.updates === updates && found.dataVersion === String(dataVersion)) file = {...found, command};
}

await useBackend("wasm");
const configs = ablationConfigs(values.only?.split(","));
const wanted = Array.from({length: Number(values.seeds)}, (_, i) => i + 1).flatMap((seed) =>
  configs.map((config) => ({config, seed}))
);
const missing = wanted.filter(
  ({config, seed}) => !file.runs.some((run) => run.seed === seed && configKey(run.config) === configKey(config))
);
console.log(`${missing.length} of ${wanted.length} runs to do`);
for (const [i, {config, seed}] of missing.entries()) {
  const started = performance.now();
  const run = await train(config, seed);
  file = {...file, runs: [...file.runs, run]};
  writeWhole(values.out, runLines(file));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const last = (name: string) => run.curve[name]?.at(-1)?.toPrecision(3);
  console.log(
    `${i + 1}/${missing.length} seed ${seed} ${configKey(config)} ${seconds} s  hardError ${last("hardError")} ` +
      `elb ${last("elbRelaxed")} / ${last("elbTrue")} perplexity ${last("perplexity")}` +
      `${run.divergedAt === undefined ? "" : ` diverged at ${run.divergedAt}`}`
  );
}
if (values.out === "data/ablations.json") writeAblationTable(file);
process.exit(0);

async function train(config: AblationConfig, seed: number): Promise<AblationRun> {
  const spec: RunSpec = {model: "dvae", size: "xs", seed, config: {...config, ...(updates === 600 ? {} : {updates})}};
  const trainer = begun(spec, Number(values.workers));
  const curve: Record<string, number[]> = {};
  try {
    await follow(trainer, curve, {every, kept});
    return {config, seed, curve};
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return {config, seed, divergedAt: trainer.step, curve};
  } finally {
    trainer.dispose();
  }
}
