// The paper's rule for its gradient scales, one for each resblock (appendix D). Plain numbers: no tensors.

export interface ScaleRule {
  /** Factor of a scale at each update without a non-finite gradient in its block. */
  readonly growth: number;
  /** Factor at one with such a gradient; the update is skipped. */
  readonly backoff: number;
  /** Within so many updates a scale is divided only once. */
  readonly window: number;
  readonly initial: number;
  readonly smallest: number;
  readonly largest: number;
}

/** For M data-parallel GPUs, over whose batches together the loss is a mean. */
export function paperScaleRule(m = 1): ScaleRule {
  return {
    growth: 2 ** (1 / 1000),
    backoff: Math.SQRT1_2,
    window: 125,
    initial: m * 2 ** 13,
    smallest: m * 2 ** 7,
    largest: m * 2 ** 24
  };
}

/** One block's scale, and the update at which it was last divided; −∞ if never. */
export interface BlockScale {
  readonly scale: number;
  readonly divided: number;
}

export function nextScale(
  {scale, divided}: BlockScale,
  overflowed: boolean,
  step: number,
  rule: ScaleRule
): BlockScale {
  const clamped = (value: number) => Math.min(Math.max(value, rule.smallest), rule.largest);
  if (!overflowed) return {scale: clamped(scale * rule.growth), divided};
  if (step - divided < rule.window) return {scale, divided};
  return {scale: clamped(scale * rule.backoff), divided: step};
}
