// Two unbiased estimates of ∂/∂μ E[f(z)], z = μ + σ ε, from the same draws; f is −ln p(x | z).

export interface Draws {
  /** f of each draw, nats [n]. */
  readonly nats: ArrayLike<number>;
  /** ∂f/∂z of each draw [n, d]. */
  readonly through: ArrayLike<number>;
  /** [n, d] */
  readonly epsilon: ArrayLike<number>;
  /** [d] */
  readonly sigma: ArrayLike<number>;
  readonly latents: number;
}

/** Reparameterised: ∂z/∂μ = 1, so the estimate is ∂f/∂z itself. */
export function throughEstimates({nats, through, latents}: Draws, latent: number): number[] {
  return Array.from({length: nats.length}, (_, i) => through[i * latents + latent]!);
}

/**
 * Score function: f(z) · ∂ ln q(z) / ∂μ = f(z) · ε / σ; f is only evaluated. centred takes the other draws' mean off f
 * first, which leaves the mean of the estimates as it is.
 */
export function scoreEstimates({nats, epsilon, sigma, latents}: Draws, latent: number, centred: boolean): number[] {
  const n = nats.length;
  const total = Array.from(nats).reduce((a, b) => a + b, 0);
  return Array.from({length: n}, (_, i) => {
    const others = centred && n > 1 ? (total - nats[i]!) / (n - 1) : 0;
    return ((nats[i]! - others) * epsilon[i * latents + latent]!) / sigma[latent]!;
  });
}
