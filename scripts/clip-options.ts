// Trains the small CLIP of XS with each option of the listing, and with batches of several sizes:
//
//   npx tsx scripts/clip-options.ts
//   options: --seeds 3  --updates 500  --only filip,dcl  --fresh
//
// After each run data/clip-options.json is written; started again, it does only what is missing. The table in
// docs/results.md is written anew at the end.

import "./relaxedSimd.js";
import {existsSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {useBackend} from "../components/tensor/index.js";
import {
  type ClipOption,
  type ClipOptionFile,
  type ClipOptionRun,
  clipOptions
} from "../components/training/clipOptions.js";
import {createTrainer} from "../components/training/createTask.js";
import {dataVersion} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";

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
    writeFileSync(`${path}.new`, text(file));
    renameSync(`${path}.new`, path); // never a half-written file
    const last = kept.map((name) => `${name} ${run.curve[name]?.at(-1)}`).join("  ");
    console.log(`${option.name}, seed ${seed}: ${((performance.now() - started) / 1000).toFixed(0)} s  ${last}`);
  }
}
replaceBetween("docs/results.md", "clip options", tableOf(file));
process.exit(0);

async function train({name, config}: ClipOption, seed: number): Promise<ClipOptionRun> {
  const trainer = createTrainer({model: "clip", size: "xs", seed, config: {...config, updates}});
  const curve: Record<string, number[]> = {step: []};
  while (trainer.step < trainer.totalSteps) {
    const next = trainer.step + 1;
    const metrics = await trainer.update({}, next === 1 || next % every === 0 || next === trainer.totalSteps);
    if (metrics === null) continue;
    curve.step!.push(trainer.step);
    for (const metric of kept) {
      curve[metric] ??= [];
      curve[metric].push(Number((metrics[metric] ?? 0).toPrecision(4)));
    }
  }
  trainer.dispose();
  return {option: name, seed, curve};
}

/** A line a run, so that a change of one is seen as such. */
function text({runs, ...head}: ClipOptionFile): string {
  const lines = runs.map((run) => JSON.stringify(run));
  return `${JSON.stringify(head).slice(0, -1)},"runs":[\n${lines.join(",\n")}\n]}\n`;
}

function tableOf({command, updates, runs}: ClipOptionFile): string {
  const rows = clipOptions.map(({name, label, argument = ""}) => {
    const own = runs.filter(({option}) => option === name);
    const cell = (metric: string, factor: number) => {
      const ends = own.map(({curve}) => factor * curve[metric]!.at(-1)!);
      if (ends.length === 0) return "";
      const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length;
      if (ends.length === 1) return mean.toPrecision(3); // one run tells nothing of the spread
      const spread = Math.sqrt(ends.reduce((sum, end) => sum + (end - mean) ** 2, 0) / (ends.length - 1));
      return `${mean.toPrecision(3)} ± ${spread.toPrecision(2)}`;
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
