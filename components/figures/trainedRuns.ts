// What the reader has trained in each chapter, in words: for the home page's path and the list that every header opens.

import {formatCount} from "../charts/format.js";
import {type Chapter, chapterOf} from "../notebook/chapters.js";
import type {StoredRun} from "../training/protocol.js";

/** "trained here: prior, XS, 500 updates"; a chapter without runs is missing. */
export function trainedIn(runs: readonly StoredRun[]): Map<Chapter, string> {
  const words = new Map<Chapter, string[]>();
  for (const run of runs) {
    const chapter = run.step > 0 ? chapterOf(run) : null;
    if (chapter !== null) words.set(chapter, [...(words.get(chapter) ?? []), wordsOf(run)]);
  }
  return new Map([...words].map(([chapter, own]) => [chapter, `trained here: ${own.join(", ")}`]));
}

function wordsOf({model, size, step}: StoredRun): string {
  return `${model}, ${size.toUpperCase()}, ${formatCount(step)} updates`;
}
