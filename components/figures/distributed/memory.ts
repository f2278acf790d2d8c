// What training at the paper's size keeps on one card, in bytes. The paper's own numbers come from paper.ts; how many numbers
// a layer keeps for its gradient is counted here, tensor by tensor, and how they add up is derived.

import {paperDistributed, paperParameterCounts, paperPrior, paperPriorTraining} from "../../training/paper.js";
import {sentShare} from "./ranks.js";

export interface MemoryChoices {
  /** Parameters, gradients and moments are spread over the cards of a machine. */
  readonly sharding: boolean;
  /** Only a layer's input is kept; the rest is computed again on the way back. */
  readonly checkpointing: boolean;
  /** Bits of every number. */
  readonly bits: 16 | 32;
  /** Gradients go to the other machines as PowerSGD's factors. */
  readonly powerSgd: boolean;
}

export interface MemoryPart {
  readonly name: "parameters" | "gradients" | "first moment" | "second moment" | "activations" | "in passing";
  readonly bytes: number;
}

const {shards, machines, ranks} = paperDistributed;
const {layers, heads, headSize, textLength, grid} = paperPrior;
const width = heads * headSize;
const length = textLength + grid * grid;
/** Sequences that a card has of each batch. */
export const sequencesPerCard = paperPriorTraining.batchSize / (machines * shards);
/** Of a row layer at most: the text and a row's worth of image tokens, and itself. */
const keys = textLength + grid + 1;

/**
 * Numbers that a layer keeps of a token for its gradient: input, normalised, q, k and v, mixed values, sum, normalised, and
 * before and after the GELU 4 d each; and the weights of its attention.
 */
export const keptPerToken = (1 + 1 + 3 + 1 + 1 + 1 + 4 + 4) * width + heads * keys;

/** Parameters of one layer: 12 d². */
export const layerParameters = 12 * width ** 2;

/** Share of the gradient that PowerSGD sends at the paper's rank. */
export const factorShare = sentShare({rank: ranks[2].rank, width, shards});

export function memoryParts({sharding, checkpointing, bits, powerSgd}: MemoryChoices): MemoryPart[] {
  const bytes = bits / 8;
  const cards = sharding ? shards : 1;
  const each = (paperParameterCounts.prior * bytes) / cards;
  const tokens = sequencesPerCard * length;
  const layerActivations = tokens * keptPerToken * bytes;
  const activations = checkpointing ? layers * tokens * width * bytes + layerActivations : layers * layerActivations;
  // The layer at work and the next, whole; and the layer's gradient before its shards go where they belong.
  const gathered = sharding ? 3 * layerParameters * bytes : 0;
  const factors = powerSgd ? each * factorShare : 0;
  return [
    {name: "parameters", bytes: each},
    {name: "gradients", bytes: each},
    {name: "first moment", bytes: each},
    {name: "second moment", bytes: each},
    {name: "activations", bytes: activations},
    {name: "in passing", bytes: gathered + factors}
  ];
}

export function totalBytes(parts: readonly MemoryPart[]): number {
  return parts.reduce((sum, {bytes}) => sum + bytes, 0);
}

/** Whether it fits on one of the paper's cards. */
export function fits(choices: MemoryChoices): boolean {
  return totalBytes(memoryParts(choices)) <= paperDistributed.cardBytes;
}

/** Bytes of gradient that a card sends to other machines a step. Without sharding a machine sends its mean but once. */
export function networkBytes({bits, powerSgd}: MemoryChoices): number {
  const gradient = (paperParameterCounts.prior * bits) / 8 / shards;
  return powerSgd ? gradient * factorShare : gradient;
}
