// Trains the small CLIP of XS with each option of the listing, and with batches of several sizes:
//
//   npx tsx scripts/clip-options.ts
//   options: --seeds 3  --updates 500  --only filip,dcl  --fresh
//
// After each run data/clip-options.json is written; started again, it does only what is missing. The table in
// docs/results.md is written anew at the end.

import "./relaxedSimd.js";
import {existsSync, readFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {useBackend} from "../components/tensor/index.js";
import {
  type ClipOption,
  type ClipOptionFile,
  type ClipOptionRun,
  clipOptions
} from "../components/training/clipOptions.js";
import {summarise, withSpread} from "../components/training/statistics.js";
import {dataVersion} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";
import {begun, follow} from "./train.js";
import {runLines, writeWhole} from "./whole.js";

const {values} = parseArgs({
  options: {
    seeds: {type: "string", default: "3"},
    updates: {type: "string", default: "500"},
    only: {type: "string"},
    fresh: {type: "boolean", default: false}
  }
});
const path = "data/clip-options.json";
const every = 50;
const kept = ["pairLoss", "heldLoss", "heldAccuracy", "seenNamed", "unseenNamed", "scale"];
const updates = Number(values.updates);

const command = `npx tsx scripts/clip-options.ts ${process.argv.slice(2).join(" ")}`.trim();
let file: ClipOptionFile = {command, updates, dataVersion: String(dataVersion), runs: []};
if (existsSync(path) && !values.fresh) {
  const found = JSON.parse(readFileSync(path, "utf8")) as ClipOptionFile;
  if (found.updates === updates && found.dataVersion === file.dataVersion) file = {...found, command};
}

await useBackend("wasm");
const chosen = clipOptions.filter(({name}) => values.only === undefined || values.only.split(",").includes(name));
for (let seed = 1; seed <= Number(values.seeds); ++seed) {
  for (const option of chosen) {
    if (file.runs.some((run) => run.option === option.name && run.seed === seed)) continue;
    const started = performance.now();
    const run = await train(option, seed);
    file = {...file, runs: [...file.runs, run]};
    writeWhole(path, runLines(file));
    const last = kept.map((name) => `${name} ${run.curve[name]?.at(-1)}`).join("  ");
    console.log(`${option.name}, seed ${seed}: ${((performance.now() - started) / 1000).toFixed(0)} s  ${last}`);
  }
}
replaceBetween("docs/results.md", "clip options", tableOf(file));
process.exit(0);

async function train({name, config}: ClipOption, seed: number): Promise<ClipOptionRun> {
  const trainer = begun({model: "clip", size: "xs", seed, config: {...config, updates}}, 1);
  const curve: Record<string, number[]> = {};
  await follow(trainer, curve, {every, kept});
  trainer.dispose();
  return {option: name, seed, curve};
}

function tableOf({command, updates, runs}: ClipOptionFile): string {
  const rows = clipOptions.map(({name, label, argument = ""}) => {
    const own = runs.filter(({option}) => option === name);
    const cell = (metric: string, factor: number) => {
      const found = summarise(own.map(({curve}) => factor * curve[metric]!.at(-1)!));
      return found === null ? "" : withSpread(found);
    };
    const code = argument === "" ? "" : `\`${argument}\``;
    return `| ${[label, code, cell("heldAccuracy", 100), cell("seenNamed", 100), cell("unseenNamed", 100), own.length].join(" | ")} |`;
  });
  return [
    `XS, ${updates} updates, mean ± standard deviation over seeds. \`${command}\``,
    "",
    "| option | in the listing | held-back pairs matched, of 64, % | colour and shape named, pairs seen, % | pairs never seen, % | runs |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
    ...rows
  ].join("\n");
}
