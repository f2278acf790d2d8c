// Where shipped weights lie, and how Node reads them.

import {readFileSync} from "node:fs";
import {dvaeRecipes, priorRecipes, withOverrides} from "../components/models/sizes.js";
import {readCheckpoint} from "../components/training/checkpoint.js";
import type {FrozenDvae} from "../components/training/priorTask.js";
import type {ModelName, Size} from "../components/training/protocol.js";

export function shippedPath(size: Size, model: ModelName): string {
  return `data/checkpoints/${size}-${model}.safetensors`;
}

export function readShipped(size: Size, model: ModelName) {
  const bytes = readFileSync(shippedPath(size, model));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const {metadata, state} = readCheckpoint(buffer);
  const weights = Object.fromEntries([...state.tensors].map(([key, array]) => [key.replace(/^ema\//, ""), array]));
  return {metadata, weights};
}

export function shippedDvae(size: Size): FrozenDvae {
  const {metadata, weights} = readShipped(size, "dvae");
  return {config: withOverrides(dvaeRecipes[size], metadata.config).config, weights};
}

export function shippedPrior(size: Size) {
  const {metadata, weights} = readShipped(size, "prior");
  return {recipe: withOverrides(priorRecipes[size], metadata.config), weights};
}
