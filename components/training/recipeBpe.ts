// The byte pairs of a recipe: always the same, so they need not be stored.

import {example} from "../../data/scenes/splits.js";
import type {PriorRecipe} from "../models/recipe.js";
import {type Bpe, learnMerges, type Merge} from "../text/bpe.js";
import type {ProbeResult} from "./protocol.js";

/** The first so many captions teach the byte pairs. */
const bpeCaptions = 4000;
/** So many of each step's pairs are kept, for who wants to see what the winner beat. */
const ranked = 6;

/** What the merges depend on. */
type TextRecipe = Pick<PriorRecipe, "dataset" | "bpeMerges">;

const learnt = new Map<string, readonly Merge[]>();

/** The merges of a recipe in order, each with the pairs that it beat; learnt once. */
export function recipeMerges({dataset, bpeMerges}: TextRecipe): readonly Merge[] {
  const name = `${dataset} ${bpeMerges}`;
  let merges = learnt.get(name);
  if (merges === undefined) {
    const captions = Array.from({length: bpeCaptions}, (_, i) => example(dataset, "train", i).caption);
    const found: Merge[] = [];
    for (const merge of learnMerges(captions, ranked)) {
      if (found.length >= bpeMerges) break;
      found.push(merge);
    }
    merges = found;
    learnt.set(name, merges);
  }
  return merges;
}

export function recipeBpe(recipe: TextRecipe): Bpe {
  return {merges: recipeMerges(recipe).map(({pair}) => pair)};
}

/** pairs [n, 2] and counts [n] of the merges; ranking [n, r, 3], each a pair and its count, −1 where there are fewer. */
export function mergesProbe(recipe: TextRecipe): ProbeResult {
  const merges = recipeMerges(recipe);
  const ranking = merges.flatMap((merge) =>
    Array.from({length: ranked}, (_, r) => {
      const one = merge.ranking[r];
      return one === undefined ? [-1, -1, -1] : [...one.pair, one.count];
    })
  );
  const ints = (shape: readonly number[], data: readonly number[]) => ({shape, data: Int32Array.from(data)});
  return {
    pairs: ints(
      [merges.length, 2],
      merges.flatMap(({pair}) => [...pair])
    ),
    counts: ints(
      [merges.length],
      merges.map(({count}) => count)
    ),
    ranking: ints([merges.length, ranked, 3], ranking.flat()),
    captions: ints([1], [bpeCaptions])
  };
}
