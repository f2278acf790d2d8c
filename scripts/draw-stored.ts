// Draws the pictures that the home page shows before its models have arrived:  npx tsx scripts/draw-stored.ts
// They are what the page itself draws from the shipped weights at these settings; the page says that they are stored.

import {writeFileSync} from "node:fs";
import {defaultSampling} from "../components/figures/samplingControls.js";
import {suggestions} from "../components/figures/scenes.js";
import {encodeBytes, type StoredDrawing, type StoredResults} from "../components/figures/stored.js";
import {paramsOf, useBackend} from "../components/tensor/index.js";
import {NearestSearch} from "../components/training/nearestSearch.js";
import {Pipeline} from "../components/training/pipeline.js";
import type {ArrayPayload, Size} from "../components/training/protocol.js";
import {shippedDvae, shippedPrior} from "./shipped.js";

const path = "data/checkpoints/drawings.json";
/** How many of a size's suggestions, from the first. */
const counts: Readonly<Record<Size, number>> = {s: 3, xs: 1};

await useBackend("wasm");
const drawings: StoredDrawing[] = [];
const search = new NearestSearch();
const patches: Record<string, ReturnType<typeof encodeBytes>> = {};
for (const size of ["s", "xs"] as const) {
  const pipeline = pipelineOf(size);
  const {grid} = await pipeline.describe();
  const codebook = await pipeline.codebook();
  patches[size] = encodeBytes(codebook);
  for (const {caption} of suggestions[size].slice(0, counts[size])) {
    const settings = {size, caption, ...defaultSampling};
    const {tokens, images} = await pipeline.sample({...settings, report: 0}, () => undefined);
    drawings.push({
      settings,
      grid,
      tokens: Array.from(tokens.data),
      images: encodeBytes(images),
      nearest: await nearestTo(size, images)
    });
  }
}
writeFileSync(path, `${JSON.stringify({drawings, patches} satisfies StoredResults)}\n`);
console.log(`wrote ${path}`);
process.exit(0);

function pipelineOf(size: Size): Pipeline {
  const dvae = shippedDvae(size);
  const {recipe, weights} = shippedPrior(size);
  const [dvaeParams, priorParams] = [dvae.weights, weights].map(paramsOf);
  return new Pipeline({
    dvaeConfig: dvae.config,
    priorRecipe: recipe,
    dvaeParams: () => dvaeParams!,
    priorParams: () => priorParams!
  });
}

async function nearestTo(size: Size, images: ArrayPayload): Promise<NonNullable<StoredDrawing["nearest"]>> {
  const found = await search.nearest(size, images);
  return {...found, images: encodeBytes(found.images)};
}
