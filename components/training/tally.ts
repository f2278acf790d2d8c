// Counting what was right, and how sure the count is: for the stored measurements and for the reader's own.

import {grade} from "../../data/scenes/grade.js";
import {parseCaption} from "../../data/scenes/parse.js";
import type {Size} from "./protocol.js";

/** A share with its 95 % interval, in per cent, of so many examples. */
export interface Share {
  readonly percent: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}
/** By aspect: "shape", "shape and colour", "all" and so on. */
export type Scores = Record<string, Share>;

/** Shares of what was right, by aspect. */
export class Tally {
  readonly #sums = new Map<string, {sum: number; count: number}>();

  add(aspect: string, value: number): void {
    const {sum, count} = this.#sums.get(aspect) ?? {sum: 0, count: 0};
    this.#sums.set(aspect, {sum: sum + value, count: count + 1});
  }

  /** Adds what an image has right of what a caption names. */
  addGrade(image: Uint8Array, caption: string, size: Size): void {
    const {perAttribute, shapeAndColour, present, binding, allNamed} = grade(image, parseCaption(caption, size).wanted);
    for (const [aspect, value] of Object.entries(perAttribute)) if (value !== null) this.add(aspect, value);
    this.add("shape and colour", Number(shapeAndColour));
    if (perAttribute.face !== null) {
      this.add("shape and face", Number(perAttribute.shape === 1 && perAttribute.face === 1));
    }
    if (present !== null) this.add("all present", Number(present));
    if (binding !== null) this.add("binding", Number(binding));
    this.add("all", Number(allNamed));
  }

  shares(): Scores {
    return Object.fromEntries([...this.#sums].map(([name, {sum, count}]) => [name, wilson(sum, count)]));
  }
}

/** Wilson's score interval; a share of two objects counts as a fraction of one success. */
export function wilson(sum: number, count: number): Share {
  const z = 1.96;
  const p = sum / count;
  const share = (z * z) / count;
  const middle = (p + share / 2) / (1 + share);
  const reach = Math.sqrt(share * (p * (1 - p) + share / 4)) / (1 + share);
  const percent = (v: number) => Math.round(v * 1000) / 10;
  return {percent: percent(p), low: percent(middle - reach), high: percent(middle + reach), count};
}
