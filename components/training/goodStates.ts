// The last states that a run can go back to when its numbers grow beyond bounds.

import type {Hyper} from "./protocol.js";
import type {TrainerState} from "./trainer.js";

interface Kept {
  readonly state: TrainerState;
  /** A step from this state gave a finite loss. Until then its parameters may be finite and yet ruined. */
  proven: boolean;
  /** How often the run went back to it. */
  returns: number;
}

/** How many states are kept, newest last. */
const most = 3;
/** No parameter, moment or average of a working model comes near this; one that does is lost, though still finite. */
const largest = 1e6;

export class GoodStates {
  #kept: Kept[];

  constructor(first: TrainerState) {
    this.#kept = [{state: first, proven: true, returns: 0}];
  }

  get newest(): TrainerState {
    return this.#kept.at(-1)!.state;
  }

  keep(state: TrainerState): void {
    const older = this.#kept.filter((kept) => kept.state.step < state.step);
    this.#kept = [...older.slice(1 - most), {state, proven: false, returns: 0}];
  }

  /** The loss at this step was finite: states before it are proven. */
  prove(step: number): void {
    for (const kept of this.#kept) if (kept.state.step < step) kept.proven = true;
  }

  /**
   * The state to go back to: the newest proven one, or an older one when this one led to ruin twice. States after it
   * are forgotten; at least one is always left.
   */
  goBack(): TrainerState {
    while (this.#kept.length > 1 && (!this.#kept.at(-1)!.proven || this.#kept.at(-1)!.returns >= 2)) this.#kept.pop();
    const kept = this.#kept.at(-1)!;
    kept.returns += 1;
    return kept.state;
  }
}

/** The name of a tensor with a number that is not finite or absurdly large; null if there is none. */
export function ruinedTensor({tensors}: TrainerState): string | null {
  for (const [name, {data}] of tensors) {
    for (let i = 0; i < data.length; ++i) if (!(Math.abs(data[i]!) <= largest)) return name;
  }
  return null;
}

/** What the reader is told of a return, and what to do before training on; hyper is what was set by hand. */
export function divergence(step: number, back: number, hyper: Hyper): string {
  const set = Object.entries(hyper).map(([name, value]) => `${name} = ${value}`);
  const advice =
    hyper.learningRate != null
      ? `Lower the step size (now ${hyper.learningRate}) before training on.`
      : set.length > 0
        ? `Change what was set by hand (${set.join(", ")}) before training on.`
        : "Try a smaller step size, or another seed.";
  return `Near step ${step} the numbers grew beyond all bounds, so the run went back to step ${back}. ${advice}`;
}
