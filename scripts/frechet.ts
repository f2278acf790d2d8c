// Measures how far drawn images are from true ones in the small CLIP's features, against the radius of a blur:
//
//   npx tsx scripts/frechet.ts xs s
//   options: --count 500  --seeds 3  --temperature 1
//
// Sets, each of so many images: drawn from captions, these captions' true images through the dVAE's codes, the images of
// the nearest training captions, images with independent attributes, and the true images themselves. All are held against
// true images of other captions. Each seed has scenes of its own. Writes data/frechet.json and the table in docs/results.md.

import "./relaxedSimd.js";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {clipRecipeOf} from "../components/models/clipRecipe.js";
import {encode, tokensOf} from "../components/models/dvae.js";
import {paramsOf, useBackend} from "../components/tensor/index.js";
import {compare, embedImages} from "../components/training/clipUse.js";
import {imageTensor} from "../components/training/images.js";
import type {Size} from "../components/training/protocol.js";
import {
  blurRadii,
  type FrechetFile,
  type FrechetRun,
  imageSets,
  measureSets,
  packed
} from "../components/training/setDistance.js";
import {summarise, withSpread} from "../components/training/statistics.js";
import {pairPrompts} from "../components/training/zeroShot.js";
import {stream} from "../data/random.js";
import {dataVersion, example, marginalImage, NearestCaption} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";
import {decodedImages, sampledImages} from "./sampling.js";
import {readShipped, shippedDvae, shippedPrior} from "./shipped.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    count: {type: "string", default: "500"},
    seeds: {type: "string", default: "3"},
    temperature: {type: "string", default: "1"}
  }
});
const count = Number(values.count);
const path = "data/frechet.json";
const together = 50;

await useBackend("wasm");
const runs: FrechetRun[] = [];
for (const size of positionals as Size[]) {
  const measure = measurerOf(size);
  for (let seed = 1; seed <= Number(values.seeds); ++seed) {
    const started = performance.now();
    const run = await measure(seed);
    runs.push(run);
    console.log(`${size}, seed ${seed}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    for (const {set, distances} of run.curves) console.log(`  ${set}: ${distances.join(", ")}`);
  }
}
const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as FrechetFile) : null;
const kept = before?.count === count ? before.runs.filter(({size}) => !positionals.includes(size)) : [];
const file: FrechetFile = {
  command: `npx tsx scripts/frechet.ts ${process.argv.slice(2).join(" ")}`.trim(),
  measuredAt: new Date().toISOString(),
  dataVersion: String(dataVersion),
  count,
  runs: [...kept, ...runs]
};
writeFileSync(path, `${JSON.stringify(file, null, 1)}\n`);
replaceBetween("docs/results.md", "frechet", tableOf(file));
process.exit(0);

function measurerOf(size: Size): (seed: number) => Promise<FrechetRun> {
  const dvae = shippedDvae(size);
  const prior = shippedPrior(size);
  const clip = readShipped(size, "clip");
  const [dvaeParams, clipParams] = [paramsOf(dvae.weights), paramsOf(clip.weights)];
  const recipe = clipRecipeOf(size, clip.metadata.config);
  const nearest = new NearestCaption(size);
  const radii = blurRadii;
  const prompts = pairPrompts(size).map(({prompt}) => prompt);

  async function throughCodes(images: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    for (let i = 0; i < images.length; i += together) {
      const batch = packed(images.slice(i, i + together));
      const tokens = () => tokensOf(encode(dvaeParams, dvae.config, imageTensor(batch)));
      found.push(...(await decodedImages(dvaeParams, dvae, tokens)));
    }
    return found;
  }
  return async (seed) => {
    const first = 2 * count * (seed - 1);
    const examples = Array.from({length: count}, (_, i) => example(size, "iid", first + i));
    const captions = examples.map(({caption}) => caption);
    const truth = examples.map((one) => one.image());
    const reference = Array.from({length: count}, (_, i) => example(size, "iid", first + count + i).image());
    const sets = {
      drawn: await sampledImages({dvae, prior}, captions, Number(values.temperature), 1000 * seed),
      codes: await throughCodes(truth),
      nearest: captions.map((caption) => nearest.find(caption).image()),
      marginals: examples.map(({scene}, i) =>
        marginalImage(size, scene.objects.length === 1 ? 1 : 2, stream(seed, "frechet", "marginals", i))
      ),
      true: truth
    };
    const features = {
      embed: (images: Parameters<typeof embedImages>[2]) => embedImages(clipParams, recipe, images),
      compare: (asked: readonly string[], images: Parameters<typeof embedImages>[2]) =>
        compare(clipParams, recipe, asked, images)
    };
    const curves = (await measureSets(features, reference, sets, {radii, prompts}))!;
    return {
      size,
      seed,
      radii,
      curves: curves.map(({set, distances, scores = []}) => ({
        set,
        distances: distances.map((value) => Number(value.toPrecision(4))),
        scores: scores.map((value) => Number(value.toPrecision(4)))
      }))
    };
  };
}

function tableOf({command, measuredAt, runs: all, count: n}: FrechetFile): string {
  const sections = (["xs", "s"] as const).flatMap((size) => {
    const own = all.filter((run) => run.size === size);
    if (own.length === 0) return [];
    const {radii} = own[0]!;
    const rows = imageSets.flatMap((set) =>
      (["distances", "scores"] as const).map((kind) => {
        const cells = radii.map((_, r) => {
          const numbers = own.map(({curves}) => curves.find((curve) => curve.set === set)?.[kind]?.[r] ?? Number.NaN);
          return withSpread(summarise(numbers)!, 3, 1);
        });
        return `| ${[size.toUpperCase(), set, kind === "distances" ? "distance" : "label score", ...cells].join(" | ")} |`;
      })
    );
    return [
      `| | set | | ${radii.map((r) => `${r} px`).join(" | ")} |`,
      `| --- | --- | --- | ${radii.map(() => "---:").join(" | ")} |`,
      ...rows,
      ""
    ];
  });
  const seeds = new Set(all.map(({seed}) => seed)).size;
  return [
    `${n} images a set, mean ± standard deviation over ${seeds} sets of scenes, by radius of the blur. ${measuredAt.slice(0, 10)}, \`${command}\``,
    "",
    ...sections
  ]
    .join("\n")
    .trimEnd();
}
