// One draw of the pipeline as the figures hold it: the settings that name it, and what has arrived so far.

import type {Distribution} from "../charts/distributionBars.js";
import type {ArrayPayload, SampleRequest, SampleResult, SampleStep, Size} from "../training/protocol.js";
import type {NearestImages} from "./engine.js";

/** Same settings, same picture. */
export interface DrawSettings {
  readonly size: Size;
  readonly caption: string;
  readonly seed: number;
  readonly candidates: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** 0 keeps all codes. */
  readonly topK: number;
  /** 1 keeps all codes. */
  readonly topP: number;
}

export interface Drawing {
  readonly settings: DrawSettings;
  /** Side of the token grid. */
  readonly grid: number;
  /** [candidates · grid · grid]; −1 where nothing has been drawn. */
  readonly tokens: Int32Array;
  /** [candidates · grid · grid] */
  readonly distributions: (Distribution | null)[];
  /** Positions drawn so far. */
  drawn: number;
  /** uint8 [candidates, H, W, 3]: the grids decoded, perhaps a few positions late. */
  images: ArrayPayload | null;
  /** Positions drawn when the images were decoded. */
  imagesDrawn: number;
  nearest: NearestImages | null;
  /** Of each candidate with the caption, by CLIP; null unless it was asked. */
  cosines: ArrayLike<number> | null;
  /** Seconds that a finished live draw took. */
  seconds: number | null;
  /** True of a result that came with the page. */
  readonly stored: boolean;
}

/** How many codes of each distribution are reported. */
export const reportedCodes = 12;

export function emptyDrawing(settings: DrawSettings, grid: number): Drawing {
  const positions = settings.candidates * grid * grid;
  return {
    settings,
    grid,
    tokens: new Int32Array(positions).fill(-1),
    distributions: new Array<Distribution | null>(positions).fill(null),
    drawn: 0,
    images: null,
    imagesDrawn: 0,
    nearest: null,
    cosines: null,
    seconds: null,
    stored: false
  };
}

export function requestOf({caption, seed, candidates, temperature, topK, topP}: DrawSettings): SampleRequest {
  return {caption, seed, candidates, temperature, topK, topP, report: reportedCodes};
}

/** Adds one position of every candidate. */
export function recordStep(drawing: Drawing, step: SampleStep): void {
  const {candidates} = drawing.settings;
  const area = drawing.grid * drawing.grid;
  const report = step.topCodes.length / candidates;
  for (let c = 0; c < candidates; ++c) {
    const at = c * area + step.position;
    const range = [c * report, (c + 1) * report] as const;
    drawing.tokens[at] = step.tokens[c]!;
    drawing.distributions[at] = {
      codes: step.topCodes.slice(...range),
      probabilities: step.topProbabilities.slice(...range),
      drawn: step.drawnProbabilities.slice(...range),
      chosen: step.tokens[c]!,
      entropy: step.entropy[c]!
    };
  }
  drawing.drawn = Math.max(drawing.drawn, step.position + 1);
  if (step.images !== undefined) {
    drawing.images = step.images;
    drawing.imagesDrawn = step.position + 1;
  }
}

/** The tokens of one candidate. */
export function tokensOf({tokens, grid}: Drawing, candidate: number): Int32Array {
  return tokens.subarray(candidate * grid * grid, (candidate + 1) * grid * grid);
}

/** The position whose distribution had the largest entropy; null where none are known. */
export function leastCertain({distributions, grid}: Drawing, candidate: number): number | null {
  const area = grid * grid;
  let best: number | null = null;
  let largest = -1;
  for (let i = 0; i < area; ++i) {
    const entropy = distributions[candidate * area + i]?.entropy ?? -1;
    if (entropy > largest) {
      largest = entropy;
      best = i;
    }
  }
  return best;
}

/** Puts in what a draw ends with. */
export function finishDrawing(drawing: Drawing, result: SampleResult): void {
  drawing.tokens.set(result.tokens.data);
  drawing.drawn = drawing.grid * drawing.grid;
  drawing.images = result.images;
  drawing.imagesDrawn = drawing.drawn;
  drawing.seconds = result.seconds;
}

/** Whether two settings name the same picture. */
export function sameSettings(a: DrawSettings, b: DrawSettings): boolean {
  return (Object.keys(a) as (keyof DrawSettings)[]).every((key) => a[key] === b[key]);
}

/** The candidates as CLIP likes them, the best first; as drawn where it was not asked. */
export function orderOf({cosines, settings}: Pick<Drawing, "cosines" | "settings">): number[] {
  const order = Array.from({length: settings.candidates}, (_, i) => i);
  return cosines === null ? order : order.sort((a, b) => cosines[b]! - cosines[a]! || a - b);
}
