// Image to image: the top rows of a picture are kept, the caption asks for what comes below (section 3.3 of the paper).
//
//   npx tsx scripts/image-to-image.ts xs --count 300      a shape's upper half, and captions that agree or contradict
//   npx tsx scripts/image-to-image.ts s --count 200       a scene's upper object, and another asked for below it
//
// Shipped weights, t = 1. The results of a size go to data/image-to-image.json, and the table in docs/results.md is written
// anew.

import "./relaxedSimd.js";
import {existsSync, readFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {drawTokens} from "../components/models/draw.js";
import {decodeTokens, encode, picture, tokensOf} from "../components/models/dvae.js";
import {paramsOf, read, tensor, tidy, useBackend} from "../components/tensor/index.js";
import {imageTensor, pixelsOf} from "../components/training/images.js";
import type {ImageToImageCondition, ImageToImageFile, ImageToImageRun} from "../components/training/imageToImage.js";
import {textIds} from "../components/training/priorTask.js";
import type {Size} from "../components/training/protocol.js";
import {recipeBpe} from "../components/training/recipeBpe.js";
import {Tally} from "../components/training/tally.js";
import {stream} from "../data/random.js";
import {
  type Colour,
  dataVersion,
  example,
  grounds,
  heldOutOf,
  palette,
  readScene,
  type Scene,
  type SceneObject,
  type Shape,
  vocabularies
} from "../data/scenes/index.js";
import {replaceBetween} from "./between.js";
import {shippedDvae, shippedPrior} from "./shipped.js";
import {runLines, writeWhole} from "./whole.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {count: {type: "string", default: "300"}, temperature: {type: "string", default: "1"}}
});
const size = positionals[0] as Size;
if (!["xs", "s"].includes(size)) {
  console.error("image-to-image: expected a size (xs, s)");
  process.exit(2);
}
const count = Number(values.count);
const batchSize = 25;
const {pixels} = vocabularies[size];

await useBackend("wasm");
const dvae = shippedDvae(size);
const {recipe, weights} = shippedPrior(size);
const [dvaeParams, priorParams] = [paramsOf(dvae.weights), paramsOf(weights)];
const bpe = recipeBpe(recipe);
const {grid} = recipe.config;

const conditions: ImageToImageCondition[] = [];

interface Task {
  readonly scene: Scene;
  readonly image: Uint8Array;
  readonly caption: string;
}
type Score = (tally: Tally, drawn: Uint8Array, task: Task) => void;

/** Draws what is below the first rows of each task's image, or all of it, and scores the pictures. */
async function run(name: string, tasks: readonly Task[], rows: number, score: Score): Promise<void> {
  const tally = new Tally();
  for (let i = 0; i < tasks.length; i += batchSize) {
    const batch = tasks.slice(i, i + batchSize);
    const data = Uint8Array.from(batch.flatMap(({image}) => Array.from(image)));
    const images = {shape: [batch.length, pixels, pixels, 3], data};
    const kept = await read(tidy(() => tokensOf(encode(dvaeParams, dvae.config, imageTensor(images)))));
    const prefix = batch.map((_, b) => Int32Array.from(kept.subarray(b * grid ** 2, b * grid ** 2 + rows * grid)));
    const text = Int32Array.from(batch.flatMap(({caption}) => Array.from(textIds(bpe, recipe, caption))));
    const options = {seed: i + 1, candidates: batch.length, temperature: Number(values.temperature)};
    const drawn = await drawTokens(priorParams, recipe.config, text, {
      ...options,
      topK: 0,
      topP: 1,
      report: 0,
      ...(rows > 0 ? {prefix} : {})
    });
    const tokens = tensor(drawn, [batch.length, grid, grid], "int32");
    const {data: all} = await pixelsOf(tidy(() => picture(decodeTokens(dvaeParams, dvae.config, tokens))));
    const bytes = pixels * pixels * 3;
    batch.forEach((task, b) => {
      score(tally, (all as Uint8Array).slice(b * bytes, (b + 1) * bytes), task);
    });
  }
  conditions.push({given: name, rows, shares: tally.shares()});
  console.log(`${name}: ${inWords(tally.shares())}`);
}

/** A colour or shape other than this, such that the pair is not one that training never showed. */
function another(object: SceneObject, change: "colour" | "shape", n: number): SceneObject {
  const draws = stream(7, "image to image", change, n);
  for (;;) {
    const next =
      change === "colour"
        ? {...object, colour: draws.pick(vocabularies[size].colours)}
        : {...object, shape: draws.pick(vocabularies[size].shapes)};
    if (next[change] !== object[change] && heldOutOf(size, next).length === 0) return next;
  }
}

const named = ({colour, shape}: {colour: Colour; shape: Shape}) => `a ${colour} ${shape}`;

/** Of the pixels below the kept rows that are not ground, the palette's colour that most are nearest to. */
function colourBelow(image: Uint8Array, rows: number): Colour | null {
  const counts = new Map<Colour, number>();
  const distance = (p: number, [r, g, b]: readonly [number, number, number]) =>
    (image[p]! - r) ** 2 + (image[p + 1]! - g) ** 2 + (image[p + 2]! - b) ** 2;
  for (let p = (rows / grid) * pixels * pixels * 3; p < image.length; p += 3) {
    const inks = vocabularies[size].colours.map((colour) => ({colour, d: distance(p, palette[colour])}));
    const nearest = inks.reduce((a, b) => (b.d < a.d ? b : a));
    const ground = Math.min(...vocabularies[size].backgrounds.map((name) => distance(p, grounds[name])));
    if (nearest.d < ground) counts.set(nearest.colour, (counts.get(nearest.colour) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

async function halves(): Promise<void> {
  const examples = Array.from({length: count}, (_, i) => example("xs", "iid", i));
  const tasks = (caption: (object: SceneObject, n: number) => string): Task[] =>
    examples.map(({scene, image}, n) => ({scene, image: image(), caption: caption(scene.objects[0]!, n)}));
  const rows = grid / 2;
  const whole: Score = (tally, drawn, {scene}) => {
    const {objects, background} = readScene(drawn);
    const [found] = objects;
    const {colour, shape} = scene.objects[0]!;
    tally.add("shape and colour of the kept", Number(found?.shape === shape && found.colour === colour));
    tally.add("ground of the kept", Number(background === scene.background));
  };
  await run("nothing kept, caption names shape and colour", tasks(named), 0, whole);
  await run("2 of 4 rows kept, the same caption", tasks(named), rows, whole);
  await run(
    "2 rows kept, no caption",
    tasks(() => ""),
    rows,
    whole
  );
  const recoloured = tasks((object, n) => named(another(object, "colour", n)));
  await run("2 rows kept, the caption names another colour", recoloured, rows, (tally, drawn, {scene, caption}) => {
    const below = colourBelow(drawn, rows);
    tally.add("below: the kept colour", Number(below === scene.objects[0]!.colour));
    tally.add("below: the caption's", Number(below !== null && caption.includes(` ${below} `)));
  });
  const reshaped = tasks((object, n) => named(another(object, "shape", n)));
  await run("2 rows kept, the caption names another shape", reshaped, rows, (tally, drawn, {scene, caption}) => {
    const found = readScene(drawn).objects[0]?.shape;
    tally.add("the kept shape", Number(found === scene.objects[0]!.shape));
    tally.add("the caption's", Number(found !== undefined && caption.endsWith(found)));
  });
}

async function below(): Promise<void> {
  const tasks: Task[] = [];
  for (let i = 0; tasks.length < count; ++i) {
    const {scene, image} = example("s", "iid", i);
    if (scene.relation !== "above" && scene.relation !== "below") continue;
    const [top, bottom] = [...scene.objects].sort((a, b) => a.place.row - b.place.row) as [SceneObject, SceneObject];
    const asked = another(another(bottom, "colour", i), "shape", i);
    tasks.push({
      scene: {...scene, objects: [top, asked]},
      image: image(),
      caption: `${named(top)} above ${named(asked)}`
    });
  }
  const score: Score = (tally, drawn, {scene}) => {
    const {objects, background} = readScene(drawn);
    const has = ({colour, shape}: SceneObject, row: number) =>
      objects.some((found) => found.place.row === row && found.colour === colour && found.shape === shape);
    const [top, asked] = scene.objects as [SceneObject, SceneObject];
    tally.add("below, as asked", Number(has(asked, 2)));
    tally.add("above, as kept", Number(has(top, 0)));
    tally.add("both", Number(has(asked, 2) && has(top, 0)));
    tally.add("ground of the kept", Number(background === scene.background));
  };
  await run("nothing kept", tasks, 0, score);
  await run("4 of 8 rows kept", tasks, grid / 2, score);
}

await (size === "xs" ? halves() : below());
const path = "data/image-to-image.json";
const old: ImageToImageFile = existsSync(path)
  ? JSON.parse(readFileSync(path, "utf8"))
  : {dataVersion: String(dataVersion), runs: []};
const kept = old.dataVersion === String(dataVersion) ? old.runs.filter((one) => one.size !== size) : [];
const made: ImageToImageRun = {
  size,
  command: `npx tsx scripts/image-to-image.ts ${process.argv.slice(2).join(" ")}`,
  measuredAt: new Date().toISOString(),
  temperature: Number(values.temperature),
  conditions
};
const file = {dataVersion: String(dataVersion), runs: [...kept, made].sort((a, b) => (a.size < b.size ? 1 : -1))};
writeWhole(path, runLines(file));
replaceBetween("docs/results.md", "image to image", tableOf(file));
process.exit(0);

function inWords(shares: ImageToImageCondition["shares"]): string {
  return Object.entries(shares)
    .map(([what, {percent, low, high}]) => `${what} ${percent.toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})`)
    .join(", ");
}

function tableOf({runs}: ImageToImageFile): string {
  const lines = runs.flatMap((one) =>
    one.conditions.map(({given, shares}) => `| ${one.size.toUpperCase()} | ${given} | ${inWords(shares)} |`)
  );
  const commands = runs.map(({command, measuredAt}) => `${measuredAt.slice(0, 10)}, \`${command}\``);
  return [
    `Per cent, in brackets the interval. ${commands.join("; ")}`,
    "",
    "| | given | came out |",
    "| --- | --- | --- |",
    ...lines
  ].join("\n");
}
