// What the attention masks let a token know: directly in one layer, and by way of other tokens through several.

import {attendsImage, type ImagePattern} from "../../training/masks.js";

export interface ImageShape {
  readonly width: number;
  readonly kernel: number;
}

const keyCache = new Map<string, readonly Uint16Array[]>();

/** The keys of every image token under a pattern. */
export function keysOf(pattern: ImagePattern, {width, kernel}: ImageShape): readonly Uint16Array[] {
  const name = `${pattern} ${width} ${kernel}`;
  let keys = keyCache.get(name);
  if (keys === undefined) {
    keys = Array.from({length: width * width}, (_, n) =>
      Uint16Array.from(
        Array.from({length: n + 1}, (_, m) => m).filter((m) => attendsImage(pattern, n, m, width, kernel))
      )
    );
    keyCache.set(name, keys);
  }
  return keys;
}

/**
 * For each image token m, through how many of the layers, the first, second, … the state of token n can come to know it:
 * the least k such that the state after layer k depends on what m holds. 0 where no number of them is enough.
 */
export function depths(patterns: readonly ImagePattern[], n: number, shape: ImageShape): Uint8Array {
  const found = new Uint8Array(shape.width ** 2);
  let left = n + 1;
  for (let k = 1; k <= patterns.length && left > 0; ++k) {
    const reached = reachOf(patterns.slice(0, k), n, shape);
    for (let m = 0; m <= n; ++m) {
      if (reached[m] === 0 || found[m] !== 0) continue;
      found[m] = k;
      left -= 1;
    }
  }
  return found;
}

/** 1 for each image token on which the state of token n depends after these layers, from the first to the last. */
export function reachOf(patterns: readonly ImagePattern[], n: number, shape: ImageShape): Uint8Array {
  let known = new Uint8Array(shape.width ** 2);
  known[n] = 1;
  for (let l = patterns.length - 1; l >= 0; --l) {
    const keys = keysOf(patterns[l]!, shape);
    const next = new Uint8Array(known.length);
    for (let q = 0; q <= n; ++q) {
      if (known[q] === 1) for (const m of keys[q]!) next[m] = 1;
    }
    known = next;
  }
  return known;
}

/** After how many of these layers, counted from the first, the last token can know every other; null if it never can. */
export function layersToKnowAll(patterns: readonly ImagePattern[], shape: ImageShape): number | null {
  const all = depths(patterns, shape.width ** 2 - 1, shape);
  return all.includes(0) ? null : Math.max(...all);
}
