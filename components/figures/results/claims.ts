// The claims of the paper that the notebook tests, each with what the miniature says of it. Where a measurement is stored
// its numbers are read from there, and the verdict follows from them.

import type {AblationFile} from "../../training/ablations.js";
import type {ImageToImageFile} from "../../training/imageToImage.js";
import type {RerankFile} from "../../training/rerank.js";
import type {SeenShareFile} from "../../training/seenShare.js";
import type {FrechetFile} from "../../training/setDistance.js";
import type {Verdict} from "../dvae/ablationSummary.js";
import type {StoredRun as PrecisionRun} from "../precision/stored.js";
import type {StoredMasks} from "../prior/storedMasks.js";
import type {StoredMeasures} from "./groups.js";
import {limitClaims, pictureClaims, rankingClaims} from "./pictureClaims.js";
import {scaleClaims, stageOneClaims, stageTwoClaims} from "./trainingClaims.js";
import type {Tallies} from "./votes.js";

/** "to be seen": the figure shows it, and nothing is stored. */
export type ClaimVerdict = Verdict | "in part" | "to be seen";

export interface Claim {
  /** Of the paper; "blog" where only the authors' blog says it. */
  readonly section: string;
  readonly claim: string;
  readonly here: string;
  readonly verdict: ClaimVerdict;
  /** The figure that shows it, from the page's folder. */
  readonly link: {readonly href: string; readonly words: string};
}

/** Stored runs of the prior with gradients whole and compressed (data/powersgd.json). */
export interface StoredPowerSgd {
  readonly runs: readonly {
    readonly compression: string;
    readonly rank: number;
    readonly seed: number;
    readonly heldImageLoss: readonly number[];
  }[];
}

/** null where a measurement is not stored. */
export interface ClaimData {
  readonly ablations: AblationFile | null;
  readonly masks: StoredMasks | null;
  readonly rerank: RerankFile | null;
  readonly seenShare: SeenShareFile | null;
  readonly frechet: FrechetFile | null;
  readonly powerSgd: StoredPowerSgd | null;
  readonly precision: {readonly runs: readonly PrecisionRun[]} | null;
  readonly imageToImage: ImageToImageFile | null;
  readonly scores: StoredMeasures;
  readonly tallies: Tallies;
}

export function claimRows(data: ClaimData): Claim[] {
  return [
    ...stageOneClaims(data),
    ...stageTwoClaims(data),
    ...scaleClaims(data),
    ...rankingClaims(data),
    ...pictureClaims(data),
    ...limitClaims(data)
  ];
}
