// Numbers about the paper's own results, with their sources.

/** Per cent of 1,000 COCO captions in which most of five workers preferred DALL·E's picture to DF-GAN's (section 3.1). */
export const paperVotes = {realistic: 90.0, matches: 93.3} as const;

export interface BlurredScores {
  readonly model: string;
  /** FID on COCO at the radii below. */
  readonly fid: readonly number[];
  /** Inception score without blur. */
  readonly inception: number;
}

/** Of the blur on 256 × 256 pixels, in pixels. */
export const paperRadii: readonly number[] = [0, 1, 2, 4, 8];
/** Pixels that a token of the paper stands for, along a side: what a radius is best compared with. */
export const paperTokenSide = 8;

/**
 * The paper gives curves without numbers (figure 9). These stand in a table of CogView (Ding et al. 2021, table 1), a
 * secondary source; the GANs' values without blur may be off by about 0.5.
 */
export const blurredScores: readonly BlurredScores[] = [
  {model: "AttnGAN", fid: [35.2, 44.0, 72.0, 108.0, 100.0], inception: 23.3},
  {model: "DM-GAN", fid: [26.5, 39.0, 73.0, 119.0, 112.3], inception: 32.2},
  {model: "DF-GAN", fid: [26.5, 33.8, 55.9, 91.0, 97.0], inception: 18.7},
  {model: "DALL·E", fid: [27.5, 28.0, 45.5, 83.5, 85.0], inception: 17.9}
];
