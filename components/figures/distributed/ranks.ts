// How much PowerSGD sends of a transformer layer's gradients, by the paper's formula and by counting its matrices.

export interface Ranked {
  /** r, over all shards of a matrix together. */
  readonly rank: number;
  /** d_model. */
  readonly width: number;
  /** m: the cards that a matrix is spread over; each compresses its own part, with rank r / m. */
  readonly shards: number;
}

/** The share that is sent: r (m + 2) / (2 d m), which is 5 r / (8 d) for m = 8. */
export function sentShare({rank, width, shards}: Ranked): number {
  return (rank * (shards + 2)) / (2 * width * shards);
}

/** The paper's compression rate. */
export function compressionRate(ranked: Ranked): number {
  return 1 - sentShare(ranked);
}

/**
 * The same by counting: queries, keys, values and output are d × d, the two of the MLP d × 4d. A part of a matrix keeps one
 * side of d and has 1/m of the other; its factors have r / m columns.
 */
export function countedShare({rank, width, shards}: Ranked): number {
  const sides = [width, width, width, width, 4 * width, 4 * width];
  const sent = sides.map((side) => shards * (rank / shards) * (width + side / shards));
  const whole = sides.map((side) => side * width);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return sum(sent) / sum(whole);
}
