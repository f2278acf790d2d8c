// The densities of one sub-pixel, on plain numbers: the logit-Laplace of appendix A.3, and a Gaussian beside it.

export interface LogitLaplace {
  readonly mu: number;
  readonly b: number;
}

/** φ keeps a pixel of [0, 1] away from the ends by ε = 0.1. */
export function mapped(pixel: number): number {
  return 0.8 * pixel + 0.1;
}

export function sigmoid(v: number): number {
  return 1 / (1 + Math.exp(-v));
}

export function logit(u: number): number {
  return Math.log(u) - Math.log1p(-u);
}

/** −ln f(u | μ, b), for u in (0, 1). */
export function logitLaplaceNats(u: number, {mu, b}: LogitLaplace): number {
  return Math.LN2 + Math.log(b) + Math.log(u) + Math.log1p(-u) + Math.abs(logit(u) - mu) / b;
}

export function logitLaplaceDensity(u: number, parameters: LogitLaplace): number {
  return u <= 0 || u >= 1 ? 0 : Math.exp(-logitLaplaceNats(u, parameters));
}

/** Mean and standard deviation of sigmoid(Laplace(μ, b)), by a sum over the Laplace's quantiles. */
export function momentsOf({mu, b}: LogitLaplace): {mean: number; sd: number} {
  const count = 4000;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < count; ++i) {
    const p = (i + 0.5) / count;
    const value = sigmoid(mu + b * (p < 0.5 ? Math.log(2 * p) : -Math.log(2 - 2 * p)));
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return {mean, sd: Math.sqrt(Math.max(0, squares / count - mean * mean))};
}

export function normalNats(u: number, mean: number, sd: number): number {
  return Math.log(sd) + 0.5 * Math.log(2 * Math.PI) + 0.5 * ((u - mean) / sd) ** 2;
}

/** How much of N(mean, sd²) lies outside [0, 1]. */
export function massOutside(mean: number, sd: number): number {
  return normalCdf((0 - mean) / sd) + normalCdf((mean - 1) / sd);
}

/** Φ(z); Abramowitz and Stegun 7.1.26, right to 1e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = 0.5 * series * Math.exp(-x * x);
  return z < 0 ? tail : 1 - tail;
}
