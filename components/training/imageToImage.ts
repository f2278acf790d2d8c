// Stored drawings of which the upper rows were given (scripts/image-to-image.ts, data/image-to-image.json).

import type {Size} from "./protocol.js";
import type {Share} from "./tally.js";

export interface ImageToImageRun {
  readonly size: Size;
  readonly command: string;
  readonly measuredAt: string;
  readonly temperature: number;
  readonly conditions: readonly ImageToImageCondition[];
}

export interface ImageToImageCondition {
  /** What was given and what the caption asked for, in words. */
  readonly given: string;
  /** How many rows of tokens were given. */
  readonly rows: number;
  /** What came out right, by its words. */
  readonly shares: Readonly<Record<string, Share>>;
}

export interface ImageToImageFile {
  readonly dataVersion: string;
  readonly runs: readonly ImageToImageRun[];
}
