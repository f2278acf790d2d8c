// The runs that scripts/precision.ts has stored for the page.

import type {Precision} from "../../training/floatFormat.js";
import type {Census} from "./shared.js";

export interface StoredRun extends Precision {
  readonly seed: number;
  readonly step: readonly number[];
  readonly loss: readonly number[];
  /** Mean over the last 50 updates. */
  readonly finalLoss: number;
  /** Of held-back images at the end, nats a token. */
  readonly heldImageLoss: number;
  readonly skipped: number;
  /** log₂ of each resblock's scale at the end. */
  readonly scales: readonly number[];
}

export interface StoredPrecision {
  readonly updates: number;
  /** Of the float32 run of seed 1, at its end. */
  readonly census: Census;
  readonly runs: readonly StoredRun[];
}
