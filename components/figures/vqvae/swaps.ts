// Swapped tokens: which cells have another code than the encoder's, as the address writes them, and what a swap changed.

import type {NumberArray} from "../../charts/chart.js";
import type {Setting} from "../../notebook/settings.js";

/** Cell → code. */
export type Swaps = ReadonlyMap<number, number>;

/** "12.5_13.7": code 5 in cell 12, code 7 in cell 13, cells counted from 0 in raster order. */
export function swapsSetting(cells: number): Setting<string> {
  return {
    initial: "",
    parse: (text) => (Array.from(swapsOf(text)).every(([cell]) => cell < cells) && written(text) ? text : undefined),
    format: String,
    expects: "cells with their codes, such as 12.5_13.7"
  };
}

function written(text: string): boolean {
  return text.length <= 500 && /^(\d{1,3}\.\d{1,3}(_\d{1,3}\.\d{1,3})*)?$/.test(text);
}

export function swapsOf(text: string): Map<number, number> {
  const parts = text === "" ? [] : text.split("_");
  return new Map(parts.map((part) => part.split(".").map(Number) as [number, number]));
}

export function writeSwaps(swaps: Swaps): string {
  return Array.from(swaps, ([cell, code]) => `${cell}.${code}`).join("_");
}

/** How many pixels of two images, uint8 [1, H, W, 3], differ in some channel by more than `least` of 255. */
export function pixelsChanged(a: NumberArray, b: NumberArray, least = 8): number {
  let count = 0;
  for (let i = 0; i < a.data.length; i += 3) {
    if ([0, 1, 2].some((c) => Math.abs(a.data[i + c]! - b.data[i + c]!) > least)) ++count;
  }
  return count;
}
