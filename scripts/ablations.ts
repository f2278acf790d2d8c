// Trains the discrete VAE of XS with settings taken away or exchanged, for the chapter on stage 1:
//
//   npx tsx scripts/ablations.ts
//   options: --seeds 3  --only tau,beta  --updates 600  --workers 2  --fresh
//
// After each run data/ablations.json is written; started again, it does only what is missing. Runs of another length or
// other scenes are thrown away. The table in docs/results.md is written anew at the end.

import "./relaxedSimd.js";
import {existsSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {useBackend} from "../components/tensor/index.js";
import {
  type AblationConfig,
  type AblationFile,
  type AblationRun,
  ablationConfigs,
  configKey
} from "../components/training/ablations.js";
import {createTrainer} from "../components/training/createTask.js";
import {gradientPartner} from "../components/training/gradientServer.js";
import type {Metrics, RunSpec} from "../components/training/protocol.js";
import {DivergedError} from "../components/training/trainer.js";
import {dataVersion} from "../data/scenes/index.js";
import {writeAblationTable} from "./ablationTable.js";
import {nodeGradientPort} from "./gradientPort.js";

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
  writeFileSync(`${values.out}.new`, text(file));
  renameSync(`${values.out}.new`, values.out); // never a half-written file
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
  const trainer = createTrainer(spec);
  if (Number(values.workers) > 1) {
    trainer.shareWith(gradientPartner(nodeGradientPort(), {spec, backend: "wasm"}));
  }
  const curve: Record<string, number[]> = {step: []};
  try {
    while (trainer.step < trainer.totalSteps) {
      const next = trainer.step + 1;
      const metrics = await trainer.update({}, next === 1 || next % every === 0 || next === trainer.totalSteps);
      if (metrics) record(curve, trainer.step, metrics);
    }
    return {config, seed, curve};
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return {config, seed, divergedAt: trainer.step, curve};
  } finally {
    trainer.dispose();
  }
}

function record(curve: Record<string, number[]>, step: number, metrics: Metrics): void {
  curve.step!.push(step);
  for (const name of kept) {
    curve[name] ??= [];
    curve[name].push(Number((metrics[name] ?? 0).toPrecision(4)));
  }
}

/** A line a run, so that a change of one is seen as such. */
function text({runs, ...head}: AblationFile): string {
  const lines = runs.map((run) => JSON.stringify(run));
  return `${JSON.stringify(head).slice(0, -1)},"runs":[\n${lines.join(",\n")}\n]}\n`;
}
