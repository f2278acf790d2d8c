// The similarities of a batch as numbers to show: cosines, and what softmax makes of them in either direction.

import {example} from "../../../data/scenes/splits.js";
import type {ArrayPayload, ProbeResult, Size} from "../../training/protocol.js";

export const shadings = ["image", "text", "cosine"] as const;
export type Shading = (typeof shadings)[number];

export interface Pairs {
  readonly captions: readonly string[];
  readonly images: ArrayPayload;
  readonly scale: number;
  /** n × n with a row for each caption: cosines; the chance of the image, given the caption; of the caption, given the image. */
  readonly cosines: ArrayLike<number>;
  readonly image: ArrayLike<number>;
  readonly text: ArrayLike<number>;
}

/** What the probe "similarity" gives, with the captions of its places. */
export function pairsOf({cosines, imageCosines, places, images, scale}: ProbeResult, size: Size): Pairs {
  const n = cosines!.shape[0]!;
  const e = scale!.data[0]!;
  const given = softmaxRows(cosines!.data, n, e);
  const other = softmaxRows(imageCosines!.data, n, e);
  return {
    captions: Array.from(places!.data, (place) => example(size, "iid", place).caption),
    images: images!,
    scale: e,
    cosines: cosines!.data,
    image: given,
    text: Float64Array.from(other, (_, i) => other[(i % n) * n + Math.floor(i / n)]!) // turned, rows are captions
  };
}

/** softmax(scale · row) of each row of n. */
export function softmaxRows(values: ArrayLike<number>, n: number, scale: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let row = 0; row * n < values.length; ++row) {
    let top = -Infinity;
    for (let i = 0; i < n; ++i) top = Math.max(top, scale * values[row * n + i]!);
    let sum = 0;
    for (let i = 0; i < n; ++i) {
      out[row * n + i] = Math.exp(scale * values[row * n + i]! - top);
      sum += out[row * n + i]!;
    }
    for (let i = 0; i < n; ++i) out[row * n + i]! /= sum;
  }
  return out;
}
