// Trains the prior in mixed precision under several formats and scales, for the page and docs/results.md:
//
//   npx tsx scripts/precision.ts --seeds 1,2,3
//   options: --only fp16    settings whose name contains this
//            --out FILE     another file than the page's
//
// The dVAE is the shipped one. Results go to data/checkpoints/xs-priorHalf.json run by run; those it already holds
// are kept. At the end a table of all.

import "./relaxedSimd.js";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {defaultPrecision, type Precision} from "../components/models/halfPriorConfig.js";
import {useBackend} from "../components/tensor/index.js";
import {createTrainer} from "../components/training/createTask.js";
import type {ProbeResult} from "../components/training/protocol.js";
import {dataVersion} from "../data/scenes/index.js";
import {shippedDvae} from "./shipped.js";

const {values} = parseArgs({
  options: {seeds: {type: "string", default: "1,2,3"}, only: {type: "string", default: ""}, out: {type: "string"}}
});
const file = values.out ?? "data/checkpoints/xs-priorHalf.json";
/** Losses are kept at every so many steps. */
const every = 10;

/** What is compared. −12: the paper's batch has 2^20 image tokens, these have 2^8, and the loss is their mean. */
const settings: readonly Partial<Precision>[] = [
  {format: "fp32", scaling: "none"},
  {},
  {format: "fp16", scaling: "fixed", initialScale: -12},
  {format: "1-2-3", scaling: "global", initialScale: 8, window: 1},
  {format: "1-2-3", scaling: "block", initialScale: 8, window: 1},
  {format: "bf16", scaling: "fixed", initialScale: -12},
  {format: "1-6-9", scaling: "fixed", initialScale: -12},
  {format: "fp16", scaling: "none"}
];

interface Run extends Precision {
  readonly seed: number;
  readonly step: number[];
  readonly loss: number[];
  readonly finalLoss: number;
  readonly heldImageLoss: number;
  readonly heldTextLoss: number;
  readonly skipped: number;
  readonly scales: number[];
}
interface Stored {
  readonly updates: number;
  readonly dataVersion: string;
  readonly census: object | null;
  readonly runs: Run[];
}

await useBackend("wasm");
const dvae = shippedDvae("xs");
let stored: Stored = existsSync(file)
  ? JSON.parse(readFileSync(file, "utf8"))
  : {updates: 0, dataVersion: String(dataVersion), census: null, runs: []};
for (const seed of values.seeds.split(",").map(Number)) {
  for (const setting of settings) {
    const precision = {...defaultPrecision, ...setting};
    if (!nameOf(precision).includes(values.only)) continue;
    if (stored.runs.some((run) => run.seed === seed && nameOf(run) === nameOf(precision))) continue;
    const {run, census, updates} = await trained(precision, seed);
    const first = seed === 1 && precision.format === "fp32";
    stored = {...stored, updates, census: first ? census : stored.census, runs: [...stored.runs, run]};
    writeFileSync(file, `${JSON.stringify({...stored, curve: defaultCurve()})}\n`);
    console.log(line(run));
  }
}
console.log("\n| resblocks | seed | loss | image, held back | text, held back | skipped |\n|---|---|---|---|---|---|");
for (const run of stored.runs) console.log(line(run));
process.exit(0);

/** Of the run that the page makes without being told anything else: a test compares it with the page's. */
function defaultCurve(): {step: number[]; loss: number[]} | null {
  const run = stored.runs.find((one) => one.seed === 1 && nameOf(one) === nameOf(defaultPrecision));
  return run ? {step: run.step, loss: run.loss} : null;
}

function nameOf({format, scaling, initialScale, window}: Precision): string {
  const start = scaling === "none" ? "" : ` 2^${initialScale}`;
  return `${format}, ${scaling}${start}${window === defaultPrecision.window ? "" : ` window ${window}`}`;
}

function line(run: Run): string {
  const {seed, finalLoss, heldImageLoss, heldTextLoss, skipped} = run;
  return `| ${nameOf(run)} | ${seed} | ${finalLoss} | ${heldImageLoss} | ${heldTextLoss} | ${skipped} |`;
}

async function trained(precision: Precision, seed: number) {
  const trainer = createTrainer({model: "priorHalf", size: "xs", seed, config: {...precision}}, dvae);
  const run = {...precision, seed, step: [] as number[], loss: [] as number[]};
  const updates = trainer.totalSteps;
  const tail: number[] = [];
  let last: Readonly<Record<string, number>> = {};
  while (trainer.step < updates) {
    const wanted = (trainer.step + 1) % every === 0 || trainer.step >= updates - 50;
    const metrics = await trainer.update({}, wanted);
    if (metrics === null) continue;
    last = metrics;
    if (trainer.step > updates - 50) tail.push(metrics.loss!);
    if (trainer.step % every !== 0) continue;
    run.step.push(trainer.step);
    run.loss.push(rounded(metrics.loss!));
  }
  const {heldImageLoss, heldTextLoss} = last;
  const blocks = Object.keys(last).filter((name) => /^scale\d+$/.test(name));
  const census = seed === 1 && precision.format === "fp32" ? await trainer.probe("gradients", {step: updates}) : null;
  trainer.dispose();
  return {
    updates,
    census: census && censusOf(census, updates, seed),
    run: {
      ...run,
      finalLoss: rounded(tail.reduce((a, b) => a + b, 0) / tail.length),
      heldImageLoss: rounded(heldImageLoss!),
      heldTextLoss: rounded(heldTextLoss!),
      skipped: last.skipped!,
      scales: blocks.map((name) => rounded(last[name]!))
    }
  };
}

function censusOf({counts, norms, first}: ProbeResult, step: number, seed: number): object {
  const bins = counts!.shape[1]!;
  const all = Array.from(counts!.data);
  return {
    blocks: Array.from(norms!.data, (_, i) => `${Math.floor(i / 2) + 1} ${i % 2 === 0 ? "attention" : "MLP"}`),
    step,
    seed,
    first: first!.data[0]!,
    counts: Array.from(norms!.data, (_, i) => all.slice(i * bins, (i + 1) * bins)),
    norms: Array.from(norms!.data, rounded)
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
