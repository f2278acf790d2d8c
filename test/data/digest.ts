// Digests of images and captions, for Node and browser alike.

import {type DatasetName, example, renderScene, type Scene, type Split, splitsOf} from "../../data/scenes/index.js";

/** FNV-1a over the bytes, in hexadecimal. */
export function fnv(bytes: Iterable<number>): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

export interface Digest {
  readonly images: string;
  readonly captions: string;
}

/** Of the first so many examples of a split. */
export function digestOf(dataset: DatasetName, split: Split, count: number): Digest {
  const examples = Array.from({length: count}, (_, i) => example(dataset, split, i));
  const bytes = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
  return {
    images: fnv(examples.flatMap((one) => Array.from(one.image()))),
    captions: fnv(examples.flatMap((one) => bytes(`${one.caption}\n`)))
  };
}

/** Of 60 examples of every split of both datasets. */
export function allDigests(): Record<string, Digest> {
  const datasets: readonly DatasetName[] = ["xs", "s"];
  return Object.fromEntries(
    datasets.flatMap((dataset) =>
      splitsOf(dataset).map((split) => [`${dataset} ${split}`, digestOf(dataset, split, 60)])
    )
  );
}

/** Every shape × texture × size × face once, without jitter. */
export function sheetDigest(scenes: readonly Scene[]): string {
  return fnv(scenes.flatMap((scene) => Array.from(renderScene(scene, {pixels: 32, jitter: null}))));
}
