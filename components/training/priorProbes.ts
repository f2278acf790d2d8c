// The prior's named views for figures: attention, embeddings, logits, and where on held-back images it loses.

import {imageLogits, nextTokenNats, type PriorBatch, states} from "../models/prior.js";
import {imageLength, type PriorConfig} from "../models/priorConfig.js";
import {attentionWeights, embeddingParts} from "../models/priorViews.js";
import {
  type AttentionMask,
  dispose,
  type Params,
  read,
  reshape,
  slice,
  type Tensor,
  tensor,
  tidy
} from "../tensor/index.js";
import type {ArrayPayload, ProbeResult} from "./protocol.js";

export interface ProbedPrior {
  readonly config: PriorConfig;
  readonly masks: readonly AttentionMask[];
}

export const sequenceProbes = ["attention", "embedding", "logits"] as const;
export type SequenceProbe = (typeof sequenceProbes)[number];

/**
 * A view of one sequence, T padded text ids and n image tokens, of which the last is never read:
 * attention: weights [layers, H, L, L]; embedding: token, place and column [L, d]; logits: image [n, K], row i being of
 * image position i given all before it. L = 1 + T + n − 1; state 0 is the start.
 */
export async function probeSequence(
  params: Params,
  {config, masks}: ProbedPrior,
  name: SequenceProbe,
  ids: Int32Array,
  codes: Int32Array
): Promise<ProbeResult> {
  const n = imageLength(config);
  if (codes.length !== n) throw new Error(`prior probe: expected ${n} image tokens, got ${codes.length}`);
  const views = tidy((): Record<string, Tensor> => {
    const text = tensor(ids, [1, config.textLength], "int32");
    const image = tensor(codes.slice(0, n - 1), [1, n - 1], "int32");
    if (name === "attention") return {weights: attentionWeights(params, config, masks, text, image)};
    if (name === "embedding") return embeddingParts(params, config, text, image);
    const h = states(params, config, masks, text, image);
    return {image: reshape(imageLogits(params, slice(h, [0, config.textLength, 0], [1, n, -1])), [n, config.codes])};
  });
  const found = await payloads(views);
  return {...found, ids: {shape: [ids.length], data: ids}};
}

/** Mean −ln p of held-back examples by position: image [grid, grid]; text [T], NaN where all are pads. */
export async function probePositions(
  params: Params,
  {config, masks}: ProbedPrior,
  batch: PriorBatch
): Promise<ProbeResult> {
  const {grid, textLength, textVocabulary} = config;
  const nats = tidy(() => nextTokenNats(params, config, masks, batch) as unknown as Record<string, Tensor>);
  const {textNats, imageNats} = await payloads(nats);
  const ids = await read(batch.text);
  const isToken = Float32Array.from(ids, (id) => (id < textVocabulary ? 1 : 0));
  return {
    image: {shape: [grid, grid], data: columnMeans(imageNats!.data, grid * grid)},
    text: {shape: [textLength], data: columnMeans(textNats!.data, textLength, isToken)}
  };
}

function columnMeans(values: ArrayLike<number>, columns: number, weights?: Float32Array): Float32Array {
  const sums = new Float32Array(columns);
  const counts = new Float32Array(columns);
  for (let i = 0; i < values.length; ++i) {
    const weight = weights?.[i] ?? 1;
    sums[i % columns]! += weight * values[i]!;
    counts[i % columns]! += weight;
  }
  return sums.map((sum, j) => sum / counts[j]!);
}

async function payloads(tensors: Readonly<Record<string, Tensor>>): Promise<Record<string, ArrayPayload>> {
  const found: Record<string, ArrayPayload> = {};
  for (const [name, one] of Object.entries(tensors)) {
    found[name] = {shape: one.shape, data: Float32Array.from(await read(one))};
  }
  dispose(Object.values(tensors));
  return found;
}
