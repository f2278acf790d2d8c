// Schedules: a quantity as a function of the update's number, counted from 0.

/** From `from` at update 0 to `to` at update `over` and after, along half a cosine: level at both ends. */
export function halfCosine(from: number, to: number, over: number): (step: number) => number {
  return (step) => from + (to - from) * (0.5 - 0.5 * Math.cos(Math.PI * progress(step, over)));
}

/**
 * Along a quarter cosine: level at the start, steepest at the end. The paper says only "cosine"; public ports read it
 * either way (facts 7.3): half-way from 1 to 1/16 this one stands at .73, halfCosine at .53.
 */
export function quarterCosine(from: number, to: number, over: number): (step: number) => number {
  return (step) => from + (to - from) * (1 - Math.cos((Math.PI / 2) * progress(step, over)));
}

/** Linearly from 0 to peak over the warm-up (the first update is not 0), then half a cosine to `to` at `total`. */
export function warmupCosine(peak: number, to: number, warmup: number, total: number): (step: number) => number {
  const decay = halfCosine(peak, to, total - warmup);
  return (step) => (step < warmup ? (peak * (step + 1)) / warmup : decay(step - warmup));
}

/**
 * Linear warm-up, then halved at each plateau, five times in all in the paper (B.2). What a plateau is the paper does
 * not say: here, no loss below the best by more than `threshold` for `patience` updates.
 */
export class PlateauSchedule {
  #best = Infinity;
  #since = 0;
  #halvings = 0;

  constructor(
    readonly options: {
      readonly peak: number;
      readonly warmup: number;
      readonly patience: number;
      readonly threshold: number;
      readonly halvings: number;
    }
  ) {}

  /** The learning rate of this update. */
  at(step: number): number {
    const {peak, warmup} = this.options;
    return step < warmup ? (peak * (step + 1)) / warmup : peak / 2 ** this.#halvings;
  }

  /** Tells the loss of an update (better: a running mean of it) after the warm-up. */
  observe(step: number, loss: number): void {
    const {warmup, patience, threshold, halvings} = this.options;
    if (step < warmup) return;
    if (loss < this.#best - threshold) {
      this.#best = loss;
      this.#since = step;
    } else if (step - Math.max(this.#since, warmup) >= patience && this.#halvings < halvings) {
      ++this.#halvings;
      this.#since = step;
    }
  }
}

function progress(step: number, over: number): number {
  return over <= 0 ? 1 : Math.min(Math.max(step / over, 0), 1);
}
