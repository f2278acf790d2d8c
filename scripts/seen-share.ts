// Trains both stages of XS on scenes that show each shape in 5, 4, 3, 2 or 1 of the colours, and draws pairs that were in
// training and the six that never are:
//
//   npx tsx scripts/seen-share.ts
//   options: --seeds 3  --captions 300  --temperature 1  --workers 2  --fresh
//
// The number of updates stays the same; there are fewer different pictures where fewer pairs are kept. After each run
// data/seen-share.json is written; started again, it does only what is missing. The table in docs/results.md is written
// anew at the end.

import "./relaxedSimd.js";
import {existsSync, readFileSync} from "node:fs";
import {parseArgs} from "node:util";
import type {Asked} from "../components/figures/results/limits.js";
import {pairCaptions, rangeOf, seenShares} from "../components/figures/results/seenShares.js";
import {dvaeRecipeOf, priorRecipeOf} from "../components/models/choices.js";
import {useBackend} from "../components/tensor/index.js";
import type {SeenShareFile, SeenShareRun} from "../components/training/seenShare.js";
import {Tally} from "../components/training/tally.js";
import {dataVersion} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";
import {sampledImages} from "./sampling.js";
import {trained} from "./train.js";
import {writeWhole} from "./whole.js";

const {values} = parseArgs({
  options: {
    seeds: {type: "string", default: "3"},
    captions: {type: "string", default: "300"},
    temperature: {type: "string", default: "1"},
    workers: {type: "string", default: "2"},
    fresh: {type: "boolean", default: false}
  }
});
const path = "data/seen-share.json";
const captions = Number(values.captions);
const temperature = Number(values.temperature);
const {most} = seenShares;

const head = {
  command: `npx tsx scripts/seen-share.ts ${process.argv.slice(2).join(" ")}`.trim(),
  measuredAt: new Date().toISOString(),
  dataVersion: String(dataVersion),
  captions,
  temperature
};
let file: SeenShareFile = {...head, runs: []};
if (existsSync(path) && !values.fresh) {
  const found = JSON.parse(readFileSync(path, "utf8")) as SeenShareFile;
  const same =
    found.dataVersion === head.dataVersion && found.captions === captions && found.temperature === temperature;
  if (same) file = {...head, runs: found.runs};
}

await useBackend("wasm");
for (let seed = 1; seed <= Number(values.seeds); ++seed) {
  for (let colours = most; colours >= 1; --colours) {
    if (file.runs.some((run) => run.colours === colours && run.seed === seed)) continue;
    const started = performance.now();
    const run = await measure(colours, seed);
    file = {...file, runs: [...file.runs, run]};
    writeWhole(path, `${JSON.stringify(file, null, 1)}\n`);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `${colours} colours, seed ${seed}: ${seconds} s, seen ${run.seen.percent} %, unseen ${run.unseen.percent} %`
    );
  }
}
replaceBetween("docs/results.md", "seen share", tableOf(file));
process.exit(0);

async function measure(colours: number, seed: number): Promise<SeenShareRun> {
  const config = colours === most ? {} : {coloursAShape: colours};
  const workers = Number(values.workers);
  const dvae = {
    config: dvaeRecipeOf("xs", config).config,
    weights: await trained({model: "dvae", size: "xs", seed, config}, workers)
  };
  const recipe = priorRecipeOf("xs", config);
  const weights = await trained({model: "prior", size: "xs", seed, config}, workers, dvae);
  const share = async (kind: "seen" | "unseen") => {
    const asked = pairCaptions(kind, colours, 0);
    const wanted = Array.from({length: captions}, () => (asked.next().value as Asked).caption);
    const images = await sampledImages({dvae, prior: {recipe, weights}}, wanted, temperature);
    const tally = new Tally();
    images.forEach((image, i) => {
      tally.addGrade(image, wanted[i]!, "xs");
    });
    const {percent, low, high} = tally.shares()["shape and colour"]!;
    return {percent, low, high};
  };
  return {colours, seed, seen: await share("seen"), unseen: await share("unseen")};
}

function tableOf(stored: SeenShareFile): string {
  const {command, measuredAt, captions: count, runs} = stored;
  const rows = Array.from({length: most}, (_, i) => most - i).map((colours) => {
    const own = runs.filter((run) => run.colours === colours);
    const cells = own.map(({seen, unseen}) => `${seen.percent.toFixed(0)} / ${unseen.percent.toFixed(0)}`);
    const mean = (kind: "seen" | "unseen") => rangeOf(stored, colours, kind)?.percent.toFixed(0) ?? "";
    return `| ${[`${seenShares.pairs(colours)} of ${seenShares.all}`, ...cells, `${mean("seen")} / ${mean("unseen")}`].join(" | ")} |`;
  });
  const seeds = [...new Set(runs.map(({seed}) => seed))].sort();
  return [
    `XS, shape and colour right, per cent of ${count} captions: pairs in training / six pairs never in it. ${measuredAt.slice(0, 10)}, \`${command}\``,
    "",
    `| pairs in training | ${seeds.map((seed) => `seed ${seed}`).join(" | ")} | mean |`,
    `| --- | ${seeds.map(() => "---:").join(" | ")} | ---: |`,
    ...rows
  ].join("\n");
}
