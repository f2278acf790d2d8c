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
 * The same warm-up, then halved again and again (B.2). The paper halves where the loss seems to stand still, and gives no
 * rule for that: here the halvings lie evenly over the second half of the run, so that the rate depends on the step alone.
 */
export function warmupHalvings(
  peak: number,
  halvings: number,
  warmup: number,
  total: number
): (step: number) => number {
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / warmup;
    const done = Math.floor((halvings + 1) * progress(step - total / 2, total / 2));
    return peak / 2 ** Math.min(halvings, done);
  };
}

function progress(step: number, over: number): number {
  return over <= 0 ? 1 : Math.min(Math.max(step / over, 0), 1);
}
