// How far sets of images are from true ones in a trained CLIP's features, after both have been blurred: stored results
// (scripts/frechet.ts, data/frechet.json) and the reader's own, by the same code. No tensor comes with it.

import {blurred} from "../../data/scenes/damage.js";
import type {ArrayPayload, Similarities, Size} from "./protocol.js";

/**
 * What is held against a reference of true images. All sets are of the same captions, and the reference is of others: none
 * has the advantage of showing the very scenes that it is compared with. "true" are the captions' own images; their distance
 * is the least that so many images can show.
 */
export const imageSets = ["drawn", "codes", "nearest", "marginals", "true"] as const;
export type ImageSet = (typeof imageSets)[number];

/** Standard deviations of the blur, in pixels. */
export const blurRadii: readonly number[] = [0, 0.5, 1, 2, 4];

/** One number for each radius. */
export interface SetCurve {
  readonly set: ImageSet;
  /** Fréchet distances to the reference, both blurred. */
  readonly distances: readonly number[];
  /** exp(E KL(p(label | x) ‖ p(label))), from 1 to the number of labels; absent where it was not measured. */
  readonly scores?: readonly number[];
}

export interface FrechetRun {
  readonly size: Size;
  readonly seed: number;
  readonly radii: readonly number[];
  readonly curves: readonly SetCurve[];
}

export interface FrechetFile {
  readonly command: string;
  readonly measuredAt: string;
  readonly dataVersion: string;
  /** Images in each set. */
  readonly count: number;
  readonly runs: readonly FrechetRun[];
}

/** A CLIP's two uses that this needs. */
export interface Features {
  /** Vectors [n, d] of images. */
  embed(images: ArrayPayload): Promise<ArrayPayload>;
  /** For the score; left out if absent. */
  compare?(captions: readonly string[], images: ArrayPayload): Promise<Similarities>;
}

export interface MeasureOptions {
  readonly radii: readonly number[];
  /** One prompt for each label. */
  readonly prompts?: readonly string[];
  /** Called after each set at each radius, with the share that is done; false ends the measurement. */
  onProgress?(done: number): boolean | Promise<boolean>;
}

/** Images looked at together. */
const batch = 32;

/** The curves of the sets against the reference; null if it was ended. */
export async function measureSets(
  features: Features,
  reference: readonly Uint8Array[],
  sets: Readonly<Partial<Record<ImageSet, readonly Uint8Array[]>>>,
  {radii, prompts, onProgress = () => true}: MeasureOptions
): Promise<SetCurve[] | null> {
  // Loaded when it is first needed: eigenvalues are no part of a page's first script.
  const {frechetDistance, moments} = await import("../nn/frechet.js");
  const names = imageSets.filter((name) => sets[name] !== undefined);
  const curves = names.map((set) => ({set, distances: [] as number[], scores: [] as number[]}));
  const steps = radii.length * (1 + names.length);
  let done = 0;
  const momentsOf = async (images: readonly Uint8Array[]) => {
    const {shape, data} = await embedded(features, images);
    return moments(data, shape[1]!);
  };
  for (const radius of radii) {
    const blur = (images: readonly Uint8Array[]) => images.map((image) => blurred(image, radius));
    const target = await momentsOf(blur(reference));
    if (!(await onProgress(++done / steps))) return null;
    for (const curve of curves) {
      const images = blur(sets[curve.set]!);
      curve.distances.push(frechetDistance(target, await momentsOf(images)));
      if (prompts !== undefined && features.compare !== undefined) {
        curve.scores.push(await scoreOf(features.compare, images, prompts));
      }
      if (!(await onProgress(++done / steps))) return null;
    }
  }
  return curves.map(({set, distances, scores}) => ({set, distances, ...(scores.length > 0 ? {scores} : {})}));
}

async function embedded(features: Features, images: readonly Uint8Array[]): Promise<ArrayPayload> {
  const parts: ArrayPayload[] = [];
  for (let i = 0; i < images.length; i += batch) parts.push(await features.embed(packed(images.slice(i, i + batch))));
  const width = parts[0]!.shape[1]!;
  const data = new Float32Array(images.length * width);
  parts.forEach((part, i) => {
    data.set(part.data, i * batch * width);
  });
  return {shape: [images.length, width], data};
}

async function scoreOf(
  compare: NonNullable<Features["compare"]>,
  images: readonly Uint8Array[],
  prompts: readonly string[]
): Promise<number> {
  const rows: Float64Array[] = [];
  for (let i = 0; i < images.length; i += batch) {
    const {imageToText, scale} = await compare(prompts, packed(images.slice(i, i + batch)));
    const {data} = imageToText;
    for (let row = 0; row < data.length; row += prompts.length) {
      rows.push(softmax(Array.from(data.subarray(row, row + prompts.length), (cosine) => scale * cosine)));
    }
  }
  return labelScore(rows);
}

/**
 * exp(E KL(p(label | x) ‖ p(label))), what the inception score is with another classifier. rows: p(label | x), an image
 * each. 1 where all images have the same labels; the number of labels where each is certain and all are equally frequent.
 */
export function labelScore(rows: readonly ArrayLike<number>[]): number {
  const labels = rows[0]?.length ?? 0;
  const mean = Array.from({length: labels}, (_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
  let nats = 0;
  for (const row of rows) {
    for (let k = 0; k < labels; ++k) if (row[k]! > 0) nats += (row[k]! * Math.log(row[k]! / mean[k]!)) / rows.length;
  }
  return Math.exp(nats);
}

function softmax(logits: readonly number[]): Float64Array {
  const top = Math.max(...logits);
  const raw = Float64Array.from(logits, (value) => Math.exp(value - top));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / sum);
}

/** Images of one size, uint8 [side · side · 3] each, as one payload [n, side, side, 3]. */
export function packed(images: readonly Uint8Array[]): ArrayPayload {
  const length = images[0]?.length ?? 0;
  const side = Math.sqrt(length / 3);
  const data = new Uint8Array(images.length * length);
  images.forEach((image, i) => {
    data.set(image, i * length);
  });
  return {shape: [images.length, side, side, 3], data};
}

/** The images of a payload, one by one. */
export function unpacked({shape, data}: ArrayPayload): Uint8Array[] {
  const length = data.length / shape[0]!;
  return Array.from({length: shape[0]!}, (_, i) => Uint8Array.from(data.subarray(i * length, (i + 1) * length)));
}
