// Stored runs of both stages with fewer pairs of colour and shape in training (scripts/seen-share.ts,
// data/seen-share.json): how the pairs that were never seen fare.

import type {Interval} from "./rerank.js";

export interface SeenShareRun {
  /** Colours that training showed with each shape, of six. */
  readonly colours: number;
  readonly seed: number;
  /** Shape and colour right, per cent of captions: of pairs that were in training, and of six that never are. */
  readonly seen: Interval;
  readonly unseen: Interval;
}

export interface SeenShareFile {
  readonly command: string;
  readonly measuredAt: string;
  readonly dataVersion: string;
  /** Captions that each share is of, and the temperature of the draws. */
  readonly captions: number;
  readonly temperature: number;
  readonly runs: readonly SeenShareRun[];
}
