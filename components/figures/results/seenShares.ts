// The world in which the share of seen pairs is varied: XS, where each shape lacks one colour.

import {vocabularies} from "../../../data/scenes/grammar.js";
import {coloursAShape, showsKeptPairs} from "../../../data/scenes/heldOut.js";
import type {SeenShareFile} from "../../training/seenShare.js";
import {type Asked, captionsOf} from "./limits.js";

const {shapes, colours} = vocabularies.xs;

export const seenShares = {
  /** All pairs of a colour and a shape. */
  all: shapes.length * colours.length,
  /** Most colours that training shows with a shape. */
  most: coloursAShape("xs"),
  /** Pairs in training when each shape keeps so many colours. */
  pairs: (kept: number): number => kept * shapes.length
} as const;

/**
 * Captions of held-back scenes whose pair training has shown when each shape keeps so many colours; or never shows. From
 * this place on; by default from where no stored score has looked.
 */
export function pairCaptions(kind: "seen" | "unseen", kept: number, place?: number): Generator<Asked> {
  return kind === "unseen"
    ? captionsOf("xs", {split: "colourShape"}, place)
    : captionsOf("xs", {split: "iid", wants: ({scene}) => showsKeptPairs("xs", scene, kept)}, place);
}

/** The mean over the stored seeds, from the lowest to the highest; null if none is stored. */
export function rangeOf(
  {runs}: SeenShareFile,
  colours: number,
  kind: "seen" | "unseen"
): {percent: number; low: number; high: number} | null {
  const own = runs.filter((run) => run.colours === colours).map((run) => run[kind].percent);
  if (own.length === 0) return null;
  const percent = own.reduce((a, b) => a + b, 0) / own.length;
  return {percent, low: Math.min(...own), high: Math.max(...own)};
}
