// What can be chosen about the small CLIP. The options are those of the study notes' listing, under their own names.

export interface ClipConfig {
  /** Side of the input, pixels. */
  readonly imageSize: number;
  /** Side of the patches that the image is cut into, pixels. */
  readonly patch: number;
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
  /** Learning on text alone beside it: hidden tokens are guessed (DeCLIP). The text tower then sees both ways. */
  readonly maskedText: boolean;
}

/** Channels of both towers. */
export function towerWidth(config: Pick<ClipConfig, "heads" | "headSize">): number {
  return config.heads * config.headSize;
}

/** Patches of an image. */
export function patchCount({imageSize, patch}: Pick<ClipConfig, "imageSize" | "patch">): number {
  if (imageSize % patch !== 0) throw new Error(`patchCount: expected a divisor of ${imageSize}, got ${patch}`);
  return (imageSize / patch) ** 2;
}

/** Ids after the vocabulary's: the end of the text, a pad, and the mark that stands for a hidden token. */
export function specialIds({textVocabulary}: Pick<ClipConfig, "textVocabulary">) {
  return {end: textVocabulary, pad: textVocabulary + 1, hidden: textVocabulary + 2} as const;
}
