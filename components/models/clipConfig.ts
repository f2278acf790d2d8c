// What can be chosen about the small CLIP. The options are those of the study notes' listing, under their own names.

export interface ClipConfig {
  /** Side of the input, pixels. */
  readonly imageSize: number;
  /** Channels of the image tower's convolutions; each is followed by a halving of both sides. */
  readonly stem: readonly number[];
  /** Text positions: tokens, the end, then pads. */
  readonly textLength: number;
  /** Text token ids: bytes and merges. */
  readonly textVocabulary: number;
  readonly imageLayers: number;
  readonly textLayers: number;
  readonly heads: number;
  /** Channels of a head; both towers are heads · headSize wide. */
  readonly headSize: number;
  /** d, the size of what the two towers share. */
  readonly embedding: number;
  /** FILIP: every token is compared with every patch, and the best matches count. */
  readonly lateInteraction: boolean;
  /** DCL: the matching pair is left out of the denominator. */
  readonly decoupled: boolean;
  /** A second pair of projections for the other direction: what x-clip keeps of CLOOB. */
  readonly extraProjection: boolean;
  /** Learning on images alone beside it: as in SLIP (SimCLR) or as in DeCLIP (SimSiam). */
  readonly visualSsl: "none" | "simclr" | "simsiam";
  /** Each caption is also told apart from its own image with some patches of another's in it. Ours; see docs/results.md. */
  readonly spoiledCopies: boolean;
  /** Learning on text alone beside it: hidden tokens are guessed (DeCLIP). The text tower then sees both ways. */
  readonly maskedText: boolean;
}

/** Channels of both towers. */
export function towerWidth(config: Pick<ClipConfig, "heads" | "headSize">): number {
  return config.heads * config.headSize;
}

/** Side in pixels of the patch that one place of the image tower's grid stands for. */
export function patchSize({stem}: Pick<ClipConfig, "stem">): number {
  return 2 ** stem.length;
}

/** Places of that grid. */
export function patchCount(config: Pick<ClipConfig, "imageSize" | "stem">): number {
  const patch = patchSize(config);
  if (config.imageSize % patch !== 0)
    throw new Error(`patchCount: expected a multiple of ${patch}, got ${config.imageSize}`);
  return (config.imageSize / patch) ** 2;
}

/** Ids after the vocabulary's: the end of the text, a pad, and the mark that stands for a hidden token. */
export function specialIds({textVocabulary}: Pick<ClipConfig, "textVocabulary">) {
  return {end: textVocabulary, pad: textVocabulary + 1, hidden: textVocabulary + 2} as const;
}
