// Candidates of a caption, each with the ranker's score and the grader's verdict; and what follows for the best of N.

import {gradeReading} from "../../../data/scenes/grade.js";
import {readScene} from "../../../data/scenes/grader.js";
import {parseCaption} from "../../../data/scenes/parse.js";
import type {ArrayPayload, Size} from "../../training/protocol.js";

export interface Verdict {
  /** All that the caption names is right. */
  readonly right: boolean;
  /** What is not, in words; empty if nothing. */
  readonly wrong: readonly string[];
}

export interface Candidate extends Verdict {
  /** Among those of its seed, from 0. */
  readonly number: number;
  /** uint8 [n, H, W, 3], and which of them. */
  readonly images: ArrayPayload;
  readonly index: number;
  /** Cosine with the caption. */
  readonly cosine: number;
}

/** Names a series of candidates: same settings, same candidates. */
export interface RankSettings {
  readonly size: Size;
  readonly caption: string;
  readonly seed: number;
  readonly temperature: number;
}

export function sameSeries(a: RankSettings, b: RankSettings): boolean {
  return a.size === b.size && a.caption === b.caption && a.seed === b.seed && a.temperature === b.temperature;
}

const words = {
  count: "number of objects",
  shape: "shape",
  colour: "colour",
  texture: "texture",
  size: "size",
  face: "face",
  place: "place",
  background: "ground",
  relation: "how the two stand"
} as const;

/** Whether the grader can judge the caption at all. */
export function canJudge(size: Size, caption: string): boolean {
  return parseCaption(caption, size).wanted.objects.length > 0;
}

/** image: uint8 RGB of the size's pixels. */
export function verdictOf(size: Size, caption: string, image: Uint8Array): Verdict {
  const {perAttribute, allNamed} = gradeReading(readScene(image), parseCaption(caption, size).wanted);
  const names = Object.keys(words) as (keyof typeof words)[];
  const wrong = names.filter((name) => (perAttribute[name] ?? 1) < 1).map((name) => words[name]);
  return {right: allNamed, wrong};
}

/** The ranker's order, the best first; of equals the one drawn first. */
export function ranked(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => b.cosine - a.cosine || a.number - b.number);
}

/** "✓ all right" or "✗ colour, place". */
export function wordsOf({right, wrong}: Verdict): string {
  return right ? "✓ all right" : `✗ ${wrong.join(", ")}`;
}

/** One of a payload's images. */
export function imageAt({shape, data}: ArrayPayload, index: number): Uint8Array {
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  return (data as Uint8Array).slice(index * size, (index + 1) * size);
}
