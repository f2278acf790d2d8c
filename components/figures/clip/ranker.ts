// Draws candidates in batches, and has each batch compared with the caption and graded before the next is drawn.

import type {ClipApi, Size} from "../../training/protocol.js";
import {sentence} from "../drawer.js";
import type {OpenPipeline} from "../pipelines.js";
import {type Candidate, imageAt, type RankSettings, sameSeries, verdictOf} from "./ranking.js";

export interface RankerOptions {
  openPipeline(size: Size): Promise<OpenPipeline>;
  openClip(size: Size): Promise<ClipApi>;
  /** All of the series so far, in the order of drawing. */
  onCandidates(candidates: readonly Candidate[], settings: RankSettings): void;
  onUnknown(words: readonly string[]): void;
  /** A line for the reader. */
  onState(text: string, failed: boolean): void;
}

export interface Ranker {
  /** Draws until there are so many; a series begun before goes on, another ends the one under way. Never rejects. */
  draw(settings: RankSettings, count: number): Promise<void>;
  /** Forgets the candidates: another CLIP is to rank them. */
  forget(): void;
}

/** The first pictures soon, then more at a time: what is drawn together costs less. */
const batches = [4, 8, 16, 32] as const;
/** Grading may hold up the page for so many ms at a time. */
const patience = 12;

export function ranker({openPipeline, openClip, onCandidates, onUnknown, onState}: RankerOptions): Ranker {
  let series: RankSettings | null = null;
  let drawn: Candidate[] = [];
  let wanted = 0;
  let run = 0;
  let working = false;
  let pipeline: OpenPipeline | null = null;

  async function draw(settings: RankSettings, count: number): Promise<void> {
    wanted = count;
    const goesOn = series !== null && sameSeries(series, settings);
    if (goesOn && working) return; // what is under way sees the new number
    if (!goesOn) {
      drawn = [];
      series = settings;
      onCandidates(drawn, settings);
    }
    const mine = ++run;
    working = true;
    try {
      await work(settings, () => mine === run);
    } catch (error) {
      if (mine === run) onState(`The candidates could not be drawn: ${sentence(error)}`, true);
    } finally {
      if (mine === run) working = false;
    }
  }
  async function work(settings: RankSettings, current: () => boolean): Promise<void> {
    const {size, caption, seed, temperature} = settings;
    if (caption === "") return onState("Type a caption, or take one of the suggestions.", false);
    if (drawn.length >= wanted) return;
    if (pipeline === null) onState("Fetching the models …", false);
    await pipeline?.api.cancel();
    const [opened, clip] = await Promise.all([openPipeline(size), openClip(size)]);
    if (!current()) return;
    pipeline = opened;
    const {unknownWords} = await opened.api.tokenize(caption);
    if (!current()) return;
    onUnknown(unknownWords);
    const started = performance.now();
    const before = drawn.length;
    for (let round = 0; drawn.length < wanted; ++round) {
      const first = drawn.length;
      const candidates = Math.min(batches[Math.min(round, batches.length - 1)]!, wanted - first);
      onState(`Drawing: ${first} of ${wanted} …`, false);
      const request = {caption, seed, candidates, first, temperature, topK: 0, topP: 1, report: 1};
      const {images} = await opened.api.sample(request, () => undefined);
      if (!current()) return;
      const {textToImage} = await clip.compare([caption], images);
      const found: Candidate[] = [];
      let last = performance.now();
      for (let index = 0; index < candidates; ++index) {
        const verdict = verdictOf(size, caption, imageAt(images, index));
        found.push({...verdict, number: first + index, images, index, cosine: textToImage.data[index]!});
        if (performance.now() - last < patience) continue;
        await new Promise<void>((resolve) => setTimeout(resolve));
        last = performance.now();
      }
      if (!current()) return;
      drawn = [...drawn, ...found];
      onCandidates(drawn, settings);
    }
    const seconds = (performance.now() - started) / 1000;
    onState(`${drawn.length - before} candidates drawn and ranked in ${seconds.toFixed(1)} s.`, false);
  }
  return {
    draw,
    forget() {
      series = null;
      run += 1;
      working = false;
      drawn = [];
    }
  };
}
