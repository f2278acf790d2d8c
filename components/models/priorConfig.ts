// What can be chosen about the prior, the transformer over text and image tokens.

export interface PriorConfig {
  /** Text positions; shorter captions are filled up with pads. */
  readonly textLength: number;
  /** Text token ids: bytes and merges. */
  readonly textVocabulary: number;
  /** Side of the image token grid. */
  readonly grid: number;
  /** K, the dVAE's codes. */
  readonly codes: number;
  readonly layers: number;
  readonly heads: number;
  /** Channels of a head; d_model = heads · headSize. */
  readonly headSize: number;
  /** Which pattern each layer has: "paper", or a list such as "row,column,row,conv" or "full" (nn/masks.ts). */
  readonly masks: string;
  /** Side of the last layer's convolutional window. */
  readonly convKernel: number;
}

/** d_model. */
export function modelWidth(config: PriorConfig): number {
  return config.heads * config.headSize;
}

/** Image positions. */
export function imageLength(config: PriorConfig): number {
  return config.grid * config.grid;
}
