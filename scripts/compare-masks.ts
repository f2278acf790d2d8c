// Trains the XS prior under other patterns of its layers, and writes their curves for the page that compares them:
//
//   npx tsx scripts/compare-masks.ts --seeds 1,2,3 --updates 500
//
// The dVAE is the shipped one. Results go to data/checkpoints/xs-prior-masks.json run by run; those it already holds for
// the same number of updates are kept.

import "./relaxedSimd.js";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {useBackend} from "../components/tensor/index.js";
import {createTrainer} from "../components/training/createTask.js";
import {dataVersion} from "../data/scenes/index.js";
import {shippedDvae} from "./shipped.js";

const {values} = parseArgs({
  options: {
    seeds: {type: "string", default: "1,2,3"},
    updates: {type: "string", default: "500"},
    masks: {type: "string", default: "paper;full;row;column;conv"}
  }
});
const updates = Number(values.updates);
const file = "data/checkpoints/xs-prior-masks.json";

interface Run {
  readonly masks: string;
  readonly seed: number;
  readonly steps: number[];
  /** Of held-back images, nats a token. */
  readonly imageLoss: number[];
  readonly textLoss: number[];
}

const old = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const runs: Run[] = old.updates === updates && old.dataVersion === String(dataVersion) ? old.runs : [];

await useBackend("wasm");
const dvae = shippedDvae("xs");
for (const seed of values.seeds.split(",").map(Number)) {
  for (const masks of values.masks.split(";")) {
    if (runs.some((run) => run.masks === masks && run.seed === seed)) continue;
    const run = await trained(masks, seed);
    runs.push(run);
    const text = JSON.stringify({updates, dataVersion: String(dataVersion), runs});
    writeFileSync(file, `${text}\n`);
    console.log(`${masks}, seed ${seed}: ${run.imageLoss.at(-1)} nats an image token, text ${run.textLoss.at(-1)}`);
  }
}
process.exit(0);

async function trained(masks: string, seed: number): Promise<Run> {
  const trainer = createTrainer({model: "prior", size: "xs", seed, config: {updates, masks}}, dvae);
  const run: Run = {masks, seed, steps: [], imageLoss: [], textLoss: []};
  while (trainer.step < updates) {
    const read = (trainer.step + 1) % 50 === 0;
    const metrics = await trainer.update({}, read);
    if (metrics === null) continue;
    run.steps.push(trainer.step);
    run.imageLoss.push(Number(metrics.heldImageLoss!.toPrecision(4)));
    run.textLoss.push(Number(metrics.heldTextLoss!.toPrecision(4)));
  }
  trainer.dispose();
  return run;
}
