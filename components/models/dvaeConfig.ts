// What can be chosen about a discrete VAE. The paper's choices are in paper.ts, the miniature's in sizes.ts.

export interface DvaeConfig {
  /** Height and width of an image in pixels. */
  readonly imageSize: number;
  /** Channels of each group of blocks, at full resolution first; between groups the sides are halved. */
  readonly widths: readonly number[];
  /** Blocks of each group, in the same order; the decoder mirrors them. */
  readonly blocks: readonly number[];
  /** Side of the encoder's first convolution. */
  readonly stemKernel: number;
  /** A block's inner width is its outer width divided by this. */
  readonly bottleneck: number;
  /** K, the number of codes. */
  readonly codes: number;
  /** Channels into which the decoder's first convolution turns a code: the rows of that matrix are the codebook. */
  readonly codeWidth: number;
  /** Side of the convolutions into and out of the codes: 1 in the paper; 3 for the ablation. */
  readonly codeKernel: 1 | 3;
  /** Constant on every residual branch. */
  readonly postGain: number;
  /** p_θ(x | z) for each sub-pixel. */
  readonly likelihood: Likelihood;
  /** Standard deviation (l2) or scale (l1) of that density, in units of the mapped pixel; the logit-Laplace learns its own. */
  readonly pixelScale: number;
  /** How the gradient passes the sampling of a code. */
  readonly estimator: Estimator;
}

/** The logit-Laplace of appendix A.3; or a Gaussian / Laplace of fixed width on sigmoid(μ), as l2 / l1. */
export type Likelihood = "logitLaplace" | "l2" | "l1";

/** Relaxed forward and backward (the paper), or hard forward and relaxed backward (a departure). */
export type Estimator = "gumbelSoftmax" | "straightThrough";

/** Sides of the token grid. */
export function gridSize(config: DvaeConfig): number {
  return config.imageSize / 2 ** (config.widths.length - 1);
}
