// Measures the shipped weights with the grader, and writes the scores into their manifests:
//
//   npm run evaluate -- xs                 ceiling and samples
//   options: --count 500  --temperature 1  --only ceiling|samples|baselines
//            --folder .cache/in-page   weights from elsewhere; their scores are only printed
//
// Ceiling: what the grader reads from the dVAE's hard reconstructions of true images. Samples: one candidate a caption,
// against what the caption names. Baselines, graded in the same way: the image of the nearest training caption, and one
// whose attributes are drawn independently, whatever the caption says. Intervals are Wilson's, 95 %. The tables of
// docs/results.md are written anew.

import {readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {encode, tokensOf} from "../components/models/dvae.js";
import {paramsOf, useBackend} from "../components/tensor/index.js";
import {imageTensor} from "../components/training/images.js";
import type {Size} from "../components/training/protocol.js";
import {type Scores, Tally} from "../components/training/tally.js";
import {stream} from "../data/random.js";
import {type Example, example, marginalImage, NearestCaption, type Split, splitsOf} from "../data/scenes/index.js";
import {rightness} from "../data/scenes/rightness.js";
import {writeTable} from "./resultTables.js";
import {decodedImages, sampledImages} from "./sampling.js";
import {readShipped, shippedDvae, shippedPath, shippedPrior} from "./shipped.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    count: {type: "string", default: "500"},
    temperature: {type: "string", multiple: true, default: ["1", "0.7"]},
    only: {type: "string"},
    folder: {type: "string"}
  }
});
const size = positionals[0] as Size;
if (!["xs", "s"].includes(size)) {
  console.error("evaluate: expected a size (xs, s)");
  process.exit(2);
}
const count = Number(values.count);
const batchSize = 50;

/** The splits, those that mix one and two objects cut in two. */
function* groups(): Generator<[string, Example[]]> {
  for (const split of splitsOf(size)) {
    if (split === "train") continue;
    if (size === "s" && (split === "iid" || split === "paraphrase")) {
      for (const objects of [1, 2])
        yield [`${split}, ${objects} object${objects > 1 ? "s" : ""}`, gather(split, objects)];
    } else yield [split, gather(split, null)];
  }
}

function gather(split: Split, objects: number | null): Example[] {
  const found: Example[] = [];
  for (let i = 0; found.length < count; ++i) {
    const candidate = example(size, split, i);
    if (objects === null || candidate.scene.objects.length === objects) found.push(candidate);
  }
  return found;
}

async function ceilingOf(examples: readonly Example[]): Promise<Scores> {
  const tally = new Tally();
  for (const batch of batches(examples)) {
    const side = size === "xs" ? 16 : 32;
    const data = Uint8Array.from(batch.flatMap((one) => Array.from(one.image())));
    const images = await decodedImages(dvaeParams, dvae, () =>
      tokensOf(encode(dvaeParams, dvae.config, imageTensor({shape: [batch.length, side, side, 3], data})))
    );
    batch.forEach(({scene}, i) => {
      const right = rightness(images[i]!, scene);
      for (const [aspect, value] of Object.entries(right)) if (value !== null) tally.add(aspect, value);
      tally.add("shape and colour", Number(right.shape === 1 && right.colour === 1));
      tally.add("shape and face", Number(right.shape === 1 && right.face === 1));
    });
  }
  return tally.shares();
}

async function samplesOf(examples: readonly Example[], temperature: number): Promise<Scores> {
  const captions = examples.map(({caption}) => caption);
  const images = await sampledImages({dvae, prior: shippedPrior(size, values.folder)}, captions, temperature);
  const tally = new Tally();
  images.forEach((image, i) => {
    tally.addGrade(image, captions[i]!, size);
  });
  return tally.shares();
}

function baselinesOf(): Record<"nearestCaption" | "marginals", Record<string, Scores>> {
  const nearest = new NearestCaption(size);
  const nearestCaption: Record<string, Scores> = {};
  const marginals: Record<string, Scores> = {};
  for (const [group, examples] of groups()) {
    const [near, chance] = [new Tally(), new Tally()];
    examples.forEach(({caption, scene}, i) => {
      near.addGrade(nearest.find(caption).image(), caption, size);
      const objects = scene.objects.length === 1 ? 1 : 2; // training has no three
      chance.addGrade(marginalImage(size, objects, stream(1, "marginals", group, i)), caption, size);
    });
    nearestCaption[group] = near.shares();
    marginals[group] = chance.shares();
  }
  return {nearestCaption, marginals};
}

function* batches(examples: readonly Example[]): Generator<Example[]> {
  for (let i = 0; i < examples.length; i += batchSize) yield examples.slice(i, i + batchSize);
}

function print(title: string, scores: Record<string, Scores>): void {
  console.log(`\n${title}, ${size.toUpperCase()}`);
  for (const [group, shares] of Object.entries(scores)) {
    const line = Object.entries(shares).map(([name, {percent, low, high}]) => `${name} ${percent} (${low}–${high})`);
    console.log(`  ${group}: ${line.join(", ")}`);
  }
}

/** Other kinds of scores stay, if they are of the same weights. */
function record(model: "dvae" | "prior", scores: object): void {
  if (values.folder !== undefined) return;
  const path = shippedPath(size, model).replace(".safetensors", ".json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  const {step} = readShipped(size, model).metadata;
  const command = `npm run evaluate -- ${size} --count ${count}`;
  const measured = {...manifest.scores, ...scores, command, measuredAt: new Date().toISOString(), step};
  writeFileSync(path, `${JSON.stringify({...manifest, scores: measured}, null, 1)}\n`);
}

await useBackend("wasm");
const dvae = shippedDvae(size, values.folder);
const dvaeParams = paramsOf(dvae.weights);

const wants = (kind: string) => values.only === undefined || values.only === kind;
if (wants("ceiling")) {
  const ceiling: Record<string, Scores> = {};
  for (const [name, examples] of groups()) ceiling[name] = await ceilingOf(examples);
  print("Ceiling: the grader on hard reconstructions of true images", ceiling);
  record("dvae", {ceiling});
}
if (wants("samples")) {
  const samples: Record<string, Record<string, Scores>> = {};
  for (const temperature of values.temperature) {
    const scores: Record<string, Scores> = {};
    for (const [name, examples] of groups()) scores[name] = await samplesOf(examples, Number(temperature));
    print(`Samples at t = ${temperature}`, scores);
    samples[`t=${temperature}`] = scores;
  }
  record("prior", {samples});
}
if (wants("baselines")) {
  const baselines = baselinesOf();
  print("The image of the nearest training caption", baselines.nearestCaption);
  print("Every attribute drawn by itself", baselines.marginals);
  record("prior", {baselines});
}
if (values.folder === undefined && values.only === undefined) writeTable(size);
process.exit(0);
