// The Fréchet distance of two sets of feature vectors, taken for Gaussians: what the FID is, in whatever features.

import {EigenvalueDecomposition, Matrix} from "ml-matrix";

export interface Moments {
  readonly mean: Float64Array;
  /** [d, d], row-major. */
  readonly covariance: Float64Array;
  readonly count: number;
}

/** Mean and covariance (divided by n − 1) of n vectors of d numbers. Throws for fewer than two. */
export function moments(data: ArrayLike<number>, d: number): Moments {
  const n = data.length / d;
  if (n < 2) throw new Error(`moments: expected at least two vectors, got ${n}`);
  const mean = new Float64Array(d);
  for (let i = 0; i < data.length; ++i) mean[i % d]! += data[i]! / n;
  const covariance = new Float64Array(d * d);
  for (let row = 0; row < n; ++row) {
    for (let a = 0; a < d; ++a) {
      const off = data[row * d + a]! - mean[a]!;
      for (let b = 0; b < d; ++b) covariance[a * d + b]! += (off * (data[row * d + b]! - mean[b]!)) / (n - 1);
    }
  }
  return {mean, covariance, count: n};
}

/** ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½) (Heusel et al. 2017). The root by way of Σ₁^½ Σ₂ Σ₁^½, which is symmetric. */
export function frechetDistance(one: Moments, two: Moments): number {
  const d = one.mean.length;
  let distance = 0;
  for (let i = 0; i < d; ++i) {
    distance += (one.mean[i]! - two.mean[i]!) ** 2 + one.covariance[i * d + i]! + two.covariance[i * d + i]!;
  }
  const root = squareRoot(square(one.covariance, d));
  const between = root.mmul(square(two.covariance, d)).mmul(root);
  const {realEigenvalues} = new EigenvalueDecomposition(between, {assumeSymmetric: true});
  return distance - 2 * realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

function squareRoot(symmetric: Matrix): Matrix {
  const {eigenvectorMatrix: vectors, realEigenvalues} = new EigenvalueDecomposition(symmetric, {assumeSymmetric: true});
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return vectors.mmul(roots).mmul(vectors.transpose());
}

function square(data: Float64Array, d: number): Matrix {
  return Matrix.from1DArray(d, d, data);
}
