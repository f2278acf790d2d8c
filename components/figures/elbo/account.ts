// The bound's terms added up for a table: sums in nats, positions in bits.

import type {BoundTerms} from "../../training/protocol.js";

export interface Account {
  readonly imageSize: number;
  /** Numbers in the image. */
  readonly pixels: number;
  readonly tokenCount: number;
  readonly codes: number;
  readonly textTokens: number;
  /** Nats. */
  readonly reconstruction: number;
  readonly uniformKl: number;
  /** H(q_φ(z | x)). */
  readonly entropy: number;
  readonly crossEntropy: number;
  readonly text: number;
  /** The likeliest codes, position by position, in bits: log₂ K, −log₂ p_ψ, and the difference. */
  readonly uniformBits: readonly number[];
  readonly learntBits: readonly number[];
  readonly savedBits: readonly number[];
  /** All of them under the prior. */
  readonly tokenBits: number;
}

export function accountOf(terms: BoundTerms, imageSize: number): Account {
  const {codes, tokens, uniformKl, crossEntropy, tokenCost, text, reconstruction} = terms;
  const tokenCount = tokens.data.length;
  const learntBits = Array.from(tokenCost.data, (nats) => nats / Math.LN2);
  const kl = total(uniformKl.data);
  return {
    imageSize,
    pixels: imageSize * imageSize * 3,
    tokenCount,
    codes,
    textTokens: text.length,
    reconstruction,
    uniformKl: kl,
    entropy: tokenCount * Math.log(codes) - kl,
    crossEntropy: total(crossEntropy.data),
    text: total(text),
    uniformBits: learntBits.map(() => Math.log2(codes)),
    learntBits,
    savedBits: learntBits.map((bits) => Math.log2(codes) - bits),
    tokenBits: learntBits.reduce((a, b) => a + b, 0)
  };
}

function total(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0);
}
