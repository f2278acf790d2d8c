// Trains the shipped weights outside the browser, with the code that trains in the page:
//
//   npm run pretrain -- dvae s            stage 1, size S (xs or s)
//   npm run pretrain -- prior s           stage 2, on the dVAE in data/checkpoints
//   options: --seed 1  --updates 9000  --fresh  --workers 2  --set name=value
//
// A run saves itself every minute in .cache/pretrain and goes on from there when it is started again. At the end the
// averaged weights go to data/checkpoints, with a manifest beside them; `npm run evaluate` adds the scores to it.

import "./relaxedSimd.js";
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {useBackend} from "../components/tensor/index.js";
import {readCheckpoint, writeCheckpoint} from "../components/training/checkpoint.js";
import {createTrainer, needsDvae} from "../components/training/createTask.js";
import {gradientPartner} from "../components/training/gradientServer.js";
import type {ModelTrainer} from "../components/training/modelTrainer.js";
import {type Metrics, type ModelName, modelNames, type RunSpec, type Size} from "../components/training/protocol.js";
import {dataVersion} from "../data/scenes/index.js";
import {nodeGradientPort} from "./gradientPort.js";
import {shippedDvae, shippedPath} from "./shipped.js";
import {writeWhole} from "./whole.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    seed: {type: "string", default: "1"},
    updates: {type: "string"},
    fresh: {type: "boolean", default: false},
    workers: {type: "string", default: "2"},
    set: {type: "string", multiple: true, default: []}
  }
});
const [model, size] = positionals as [ModelName, Size];
if (!modelNames.includes(model) || !["xs", "s"].includes(size)) {
  console.error(`pretrain: expected a model (${modelNames.join(", ")}) and a size (xs, s)`);
  process.exit(2);
}

const config: Record<string, number | string | boolean> = {};
for (const setting of values.set) {
  const [name, value] = setting.split("=") as [string, string];
  config[name] =
    value === "true" || value === "false" ? value === "true" : Number.isNaN(Number(value)) ? value : Number(value);
}
if (values.updates) config.updates = Number(values.updates);
const spec: RunSpec = {model, size, seed: Number(values.seed), config};
const command = `npm run pretrain -- ${process.argv
  .slice(2)
  .filter((arg) => arg !== "--fresh")
  .join(" ")}`;

await useBackend("wasm");
const dvae = needsDvae(model) ? shippedDvae(size) : undefined;
const trainer = createTrainer(spec, dvae);
if (Number(values.workers) > 1) {
  const setup = {spec, backend: "wasm" as const, ...(dvae ? {dvae} : {})};
  trainer.shareWith(gradientPartner(nodeGradientPort(), setup));
}

const name = `${size}-${model}-${values.seed}${Object.entries(config)
  .map(([k, v]) => `-${k}${v}`)
  .join("")}`;
const saved = `.cache/pretrain/${name}.safetensors`;
const curve = `.cache/pretrain/${name}.jsonl`;
mkdirSync(".cache/pretrain", {recursive: true});
if (existsSync(saved) && !values.fresh) {
  trainer.restore(readCheckpoint(arrayBufferOf(readFileSync(saved))).state);
  console.log(`going on from step ${trainer.step}`);
} else writeFileSync(curve, "");

let lastSaved = performance.now();
let lastShown = performance.now();
let stepsThen = trainer.step;
while (trainer.step < trainer.totalSteps) {
  const read = trainer.step % 25 === 24 || trainer.step + 1 === trainer.totalSteps;
  const metrics = await trainer.update({}, read);
  if (metrics) {
    const now = performance.now();
    const rate = (trainer.step - stepsThen) / ((now - lastShown) / 1000);
    lastShown = now;
    stepsThen = trainer.step;
    show(trainer, metrics, rate);
    writeFileSync(curve, `${JSON.stringify({step: trainer.step, ...shortened(metrics)})}\n`, {flag: "a"});
  }
  if (performance.now() - lastSaved > 60_000) {
    await save(trainer);
    lastSaved = performance.now();
  }
}
await save(trainer);
await ship(trainer);
trainer.dispose();
process.exit(0);

function show({step, totalSteps}: ModelTrainer, metrics: Metrics, rate: number): void {
  const done = Math.round((20 * step) / totalSteps);
  const minutes = (totalSteps - step) / rate / 60;
  const numbers = [
    "loss",
    "distortion",
    "softError",
    "hardError",
    "perplexity",
    "deadCodes",
    "imageLoss",
    "textLoss",
    "heldImageLoss",
    "pairLoss",
    "heldLoss",
    "heldAccuracy",
    "seenNamed",
    "unseenNamed",
    "scale"
  ]
    .filter((key) => metrics[key] !== undefined)
    .map((key) => `${key} ${metrics[key]!.toPrecision(4)}`);
  console.log(
    `${"█".repeat(done)}${"░".repeat(20 - done)} ${step}/${totalSteps} ${rate.toFixed(2)}/s ${minutes.toFixed(0)} min left  ${numbers.join("  ")}`
  );
}

/** Without the per-position numbers. */
function shortened(metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([key]) => !/\.\d+$/.test(key)));
}

async function save(trainer: ModelTrainer): Promise<void> {
  const file = writeCheckpoint({metadata: metadata(trainer), state: await trainer.state()});
  writeWhole(saved, new Uint8Array(file));
}

/** The averaged weights alone, in 16 bits. */
async function ship(trainer: ModelTrainer): Promise<void> {
  const {step, tensors} = await trainer.state();
  const averaged = new Map([...tensors].filter(([key]) => key.startsWith("ema/")));
  const file = writeCheckpoint({metadata: metadata(trainer), state: {step, tensors: averaged}}, "F16");
  mkdirSync("data/checkpoints", {recursive: true});
  writeFileSync(shippedPath(size, model), new Uint8Array(file));
  const parameters = [...averaged.values()].reduce((sum, {data}) => sum + data.length, 0);
  const manifest = {...metadata(trainer), parameters, curve: storedCurve()};
  writeFileSync(shippedPath(size, model).replace(".safetensors", ".json"), `${JSON.stringify(manifest, null, 1)}\n`);
  console.log(`wrote ${shippedPath(size, model)}, ${(file.byteLength / 1e6).toFixed(2)} MB`);
}

/** The run's numbers at about forty steps, by name: a page shows them, and a test compares a run of its own with them. */
function storedCurve(): Record<string, number[]> {
  const rows = readFileSync(curve, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);
  const every = Math.ceil(rows.length / 40);
  const kept = rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((key) => [key, kept.map((row) => Number((row[key] ?? 0).toPrecision(5)))]));
}

function metadata(trainer: ModelTrainer) {
  return {
    model,
    size,
    seed: spec.seed,
    step: trainer.step,
    config,
    dataVersion: String(dataVersion),
    provenance: command,
    createdAt: new Date().toISOString()
  };
}

function arrayBufferOf(buffer: Buffer): ArrayBuffer {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer;
}
