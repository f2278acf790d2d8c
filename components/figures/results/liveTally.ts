// Captions drawn one after the other and graded: the reader's own count beside a stored one.

import type {Grade} from "../../../data/scenes/grade.js";
import type {Size} from "../../training/protocol.js";
import {type Share, Tally} from "../../training/tally.js";
import type {OpenPipeline} from "../pipelines.js";
import type {Asked} from "./limits.js";
import {drawnImage} from "./opponents.js";
import {gradeOf} from "./verdict.js";

export interface Drawn extends Asked {
  readonly image: Uint8Array;
  readonly grade: Grade;
}

export interface LiveTally {
  /** The last few, the newest last. */
  readonly recent: readonly Drawn[];
  /** How many have been drawn. */
  readonly drawn: number;
  /** Of an aspect; null where none has been counted. */
  share(aspect: string): Share | null;
  /** Draws one more. */
  more(pipeline: OpenPipeline): Promise<Drawn>;
}

/** The n-th caption is drawn with the seed's n-th drawing, so that a seed gives the same pictures again. */
export function liveTally(size: Size, captions: Iterator<Asked>, seed: number, keep = 16): LiveTally {
  const tally = new Tally();
  const recent: Drawn[] = [];
  let drawn = 0;
  return {
    recent,
    get drawn() {
      return drawn;
    },
    share: (aspect) => tally.shares()[aspect] ?? null,
    async more(pipeline) {
      const asked = captions.next().value as Asked;
      const image = await drawnImage(pipeline, asked.caption, seed * 10_000 + drawn);
      tally.addGrade(image, asked.graded, size);
      const one = {...asked, image, grade: gradeOf(image, asked.graded, size)};
      drawn += 1;
      recent.push(one);
      if (recent.length > keep) recent.shift();
      return one;
    }
  };
}

/** "12 of 16: 75 %"; a share of two objects' attributes is a fraction of one success. */
export function written({percent, count}: Share): string {
  const hits = (percent * count) / 100;
  const whole = Math.abs(hits - Math.round(hits)) < 0.05;
  return whole ? `${Math.round(hits)} of ${count}, ${percent.toFixed(0)} %` : `${percent.toFixed(0)} % of ${count}`;
}
