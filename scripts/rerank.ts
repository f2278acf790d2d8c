// Measures re-ranking with the shipped weights: the best of N candidates by the small CLIP, as the grader sees it.
//
//   npx tsx scripts/rerank.ts xs s
//   options: --captions 100  --pool 512  --temperature 1
//
// Each caption's candidates are drawn once; a smaller N takes all disjoint groups of N of them. Intervals are over
// captions. Writes data/rerank.json and the table in docs/results.md.

import "./relaxedSimd.js";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {clipRecipeOf} from "../components/models/clipRecipe.js";
import {drawTokens} from "../components/models/draw.js";
import {paramsOf, tensor, useBackend} from "../components/tensor/index.js";
import {compare} from "../components/training/clipUse.js";
import {textIds} from "../components/training/priorTask.js";
import type {Size} from "../components/training/protocol.js";
import {recipeBpe} from "../components/training/recipeBpe.js";
import {
  type FooledCase,
  type Interval,
  type RerankFile,
  type RerankRow,
  type RerankRun,
  sharesOf
} from "../components/training/rerank.js";
import {standardError, summarise} from "../components/training/statistics.js";
import {grade} from "../data/scenes/grade.js";
import {dataVersion, example, parseCaption} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";
import {decodedImages} from "./sampling.js";
import {readShipped, shippedDvae, shippedPrior} from "./shipped.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    captions: {type: "string", default: "100"},
    pool: {type: "string", default: "512"},
    temperature: {type: "string", default: "1"}
  }
});
const pool = Number(values.pool);
const temperature = Number(values.temperature);
/** Drawn at the same time. */
const together = 64;
const path = "data/rerank.json";

interface Candidates {
  readonly caption: string;
  readonly seed: number;
  /** Candidate by candidate: the cosine with the caption, and whether all that it names is right. */
  readonly cosines: readonly number[];
  readonly right: readonly boolean[];
}

await useBackend("wasm");
const command = `npx tsx scripts/rerank.ts ${process.argv.slice(2).join(" ")}`.trim();
const runs: RerankRun[] = [];
for (const size of positionals as Size[]) {
  const draw = drawerOf(size);
  for (const split of ["iid", "colourShape"] as const) {
    const all: Candidates[] = [];
    for (let i = 0; i < Number(values.captions); ++i) {
      all.push(await draw(example(size, split, i).caption, i + 1));
      if (i % 10 === 9) console.log(`${size}, ${split}: ${i + 1} captions`);
    }
    const sizes = Array.from({length: Math.floor(Math.log2(pool)) + 1}, (_, i) => 2 ** i);
    const rows = sizes.map((n) => rowOf(all, n));
    const fooled = all.flatMap((one) => fooledBy(one));
    runs.push({
      size,
      split,
      captions: all.length,
      pool,
      temperature,
      rows,
      fooled,
      command,
      measuredAt: new Date().toISOString()
    });
    for (const {candidates, best, possible} of rows) {
      console.log(`  best of ${candidates}: ${text(best)}, possible ${text(possible)}`);
    }
  }
}
const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RerankFile).runs : [];
const others = before.filter(({size}) => !positionals.includes(size));
const file: RerankFile = {dataVersion: String(dataVersion), runs: [...others, ...runs]};
writeFileSync(path, `${JSON.stringify(file, null, 1)}\n`);
replaceBetween("docs/results.md", "re-ranking", tableOf(file));
process.exit(0);

function drawerOf(size: Size): (caption: string, seed: number) => Promise<Candidates> {
  const dvae = shippedDvae(size);
  const prior = shippedPrior(size);
  const clip = readShipped(size, "clip");
  const [dvaeParams, priorParams, clipParams] = [dvae.weights, prior.weights, clip.weights].map(paramsOf);
  const recipe = clipRecipeOf(size, clip.metadata.config);
  const bpe = recipeBpe(prior.recipe);
  const {config} = prior.recipe;
  return async (caption, seed) => {
    const {wanted} = parseCaption(caption, size);
    const [cosines, right]: [number[], boolean[]] = [[], []];
    for (let first = 0; first < pool; first += together) {
      const candidates = Math.min(together, pool - first);
      const options = {seed, candidates, first, temperature, topK: 0, topP: 1, report: 0};
      const tokens = await drawTokens(priorParams!, config, textIds(bpe, prior.recipe, caption), options);
      const shape: [number, number, number] = [candidates, config.grid, config.grid];
      const images = await decodedImages(dvaeParams!, dvae, () => tensor(tokens, shape, "int32"));
      const side = Math.sqrt(images[0]!.length / 3);
      const data = Uint8Array.from(images.flatMap((image) => Array.from(image)));
      const {textToImage} = await compare(clipParams!, recipe, [caption], {shape: [candidates, side, side, 3], data});
      cosines.push(...textToImage.data);
      right.push(...images.map((image) => grade(image, wanted).allNamed));
    }
    return {caption, seed, cosines, right};
  };
}

function rowOf(all: readonly Candidates[], n: number): RerankRow {
  const perCaption = all.map(({cosines, right}) => sharesOf(cosines, right, n));
  const interval = (name: "best" | "worst" | "possible") => overCaptions(perCaption.map((one) => one[name]));
  return {
    candidates: n,
    best: interval("best"),
    worst: interval("worst"),
    possible: interval("possible"),
    cosine: Number(summarise(perCaption.map(({cosine}) => cosine))!.mean.toPrecision(4))
  };
}

/** The mean of shares and 1.96 standard errors either way, in per cent. */
function overCaptions(shares: readonly number[]): Interval {
  const found = summarise(shares)!;
  const middle = found.mean;
  const reach = 1.96 * (standardError(found) ?? 1); // one caption tells nothing
  const percent = (value: number) => Math.round(1000 * Math.max(0, Math.min(1, value))) / 10;
  return {percent: percent(middle), low: percent(middle - reach), high: percent(middle + reach)};
}

function fooledBy({caption, seed, cosines, right}: Candidates): FooledCase[] {
  const first = Array.from({length: Math.min(32, cosines.length)}, (_, i) => i);
  const order = first.sort((a, b) => cosines[b]! - cosines[a]!);
  const [taken = 0] = order;
  const better = order.find((i) => right[i]);
  return right[taken] || better === undefined ? [] : [{caption, seed, taken, right: better}];
}

function text({percent, low, high}: Interval): string {
  return `${percent.toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})`;
}

function tableOf({runs}: RerankFile): string {
  const sizes = [...new Set(runs.flatMap(({rows}) => rows.map(({candidates}) => candidates)))].sort((a, b) => a - b);
  const lines = runs.flatMap((run) =>
    (["best", "possible", "worst"] as const).map((name) => {
      const cells = sizes.map((n) => {
        const row = run.rows.find(({candidates}) => candidates === n);
        return row === undefined ? "" : text(row[name]);
      });
      const what = {best: "liked best", possible: "one is right", worst: "liked least"}[name];
      return `| ${[run.size.toUpperCase(), run.split, what, ...cells].join(" | ")} |`;
    })
  );
  const made = new Set(runs.map(({measuredAt, command: by}) => `${measuredAt.slice(0, 10)}, \`${by}\``));
  return [
    `Per cent of captions with all right that they name, in brackets the interval over captions. ${[...made].join("; ")}`,
    "",
    `| | captions | of N candidates | ${sizes.map((n) => `N = ${n}`).join(" | ")} |`,
    `| --- | --- | --- | ${sizes.map(() => "---:").join(" | ")} |`,
    ...lines
  ].join("\n");
}
