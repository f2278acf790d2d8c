// One latent drawn in two ways: as it should be, and as the study notes have it.

import {stream} from "../../../data/random.js";

/** z = μ + σ ε. */
export function rightFormula(mu: number, sigma: number, epsilon: number): number {
  return mu + sigma * epsilon;
}

/** The notes': "multiply ε by the mean, and add the variation". */
export function wrongFormula(mu: number, sigma: number, epsilon: number): number {
  return epsilon * mu + sigma;
}

/** Standard normal numbers, the same every time. */
export function normals(count: number, seed = 1): Float32Array {
  return stream(seed, "epsilon of the figure").fillNormal(new Float32Array(count));
}

export interface Histogram {
  /** The middles of the bins, and the density in each. */
  readonly x: number[];
  readonly y: number[];
}

/** Densities over [low, high]; what falls outside is not shown. */
export function histogram(values: ArrayLike<number>, low: number, high: number, bins = 40): Histogram {
  const width = (high - low) / bins;
  const y = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; ++i) {
    const bin = Math.floor((values[i]! - low) / width);
    if (bin >= 0 && bin < bins) y[bin]! += 1 / (values.length * width);
  }
  return {x: y.map((_, i) => low + (i + 0.5) * width), y};
}
