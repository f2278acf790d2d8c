// Where shipped weights lie, and how Node reads them.

import {readFileSync} from "node:fs";
import {dvaeRecipeOf, priorRecipeOf} from "../components/models/choices.js";
import {readCheckpoint} from "../components/training/checkpoint.js";
import type {FrozenDvae} from "../components/training/priorTask.js";
import type {ModelName, Size} from "../components/training/protocol.js";

/** Another folder holds weights under the same names, such as those saved from the page. */
export function shippedPath(size: Size, model: ModelName, folder = "data/checkpoints"): string {
  return `${folder}/${size}-${model}.safetensors`;
}

export function readShipped(size: Size, model: ModelName, folder?: string) {
  const bytes = readFileSync(shippedPath(size, model, folder));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const {metadata, state} = readCheckpoint(buffer);
  const averaged = [...state.tensors].filter(([key]) => key.startsWith("ema/"));
  const weights = Object.fromEntries(averaged.map(([key, array]) => [key.slice("ema/".length), array]));
  return {metadata, weights};
}

export function shippedDvae(size: Size, folder?: string): FrozenDvae {
  const {metadata, weights} = readShipped(size, "dvae", folder);
  return {config: dvaeRecipeOf(size, metadata.config).config, weights};
}

export function shippedPrior(size: Size, folder?: string) {
  const {metadata, weights} = readShipped(size, "prior", folder);
  return {recipe: priorRecipeOf(size, metadata.config), weights};
}
