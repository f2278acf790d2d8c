// The same bound where z is one real number: p(z) = N(0, 1), p(x | z) = N(x; f(z), s²), q = N(m, σ²). f may bend:
// f(z) = (1 − c) z + c (z² − 1). With c = 0 the posterior is a Gaussian and q can meet it; with c = 1 it has two hills.

import type {Bound} from "./bound.js";

export interface LineModel {
  readonly x: number;
  /** c, from 0 (straight) to 1 (a parabola). */
  readonly bend: number;
  /** s, the noise of p(x | z). */
  readonly noise: number;
}

export interface LineGuess {
  readonly mean: number;
  readonly sd: number;
}

const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);
/** The grid of z on which ln p(x) is summed. */
const [reach, points] = [8, 4001];
export const zGrid: readonly number[] = Array.from({length: points}, (_, i) => -reach + (2 * reach * i) / (points - 1));
const dz = (2 * reach) / (points - 1);

export function f(z: number, bend: number): number {
  return (1 - bend) * z + bend * (z * z - 1);
}

export function normalDensity(z: number, {mean, sd}: LineGuess): number {
  return Math.exp(-0.5 * ((z - mean) / sd) ** 2 - halfLog2Pi) / sd;
}

/** ln p(x), by summing p(z) p(x | z) over a fine grid. */
export function logEvidence(model: LineModel): number {
  return Math.log(zGrid.reduce((sum, z) => sum + jointDensity(z, model), 0) * dz);
}

/** p(z | x) at z. */
export function posteriorDensity(z: number, model: LineModel, logPx: number): number {
  return jointDensity(z, model) / Math.exp(logPx);
}

function jointDensity(z: number, {x, bend, noise}: LineModel): number {
  return normalDensity(z, {mean: 0, sd: 1}) * normalDensity(x, {mean: f(z, bend), sd: noise});
}

/** Exact but for ln p(x): f is a parabola, so its mean and variance under q are known. */
export function lineBound(model: LineModel, guess: LineGuess, logPx = logEvidence(model)): Bound {
  const {reconstruction, kl} = terms(model, guess);
  return {logPx, reconstruction, kl, elbo: reconstruction - kl, gap: logPx - (reconstruction - kl)};
}

function terms({x, bend, noise}: LineModel, {mean, sd}: LineGuess): {reconstruction: number; kl: number} {
  const average = f(mean, bend) + bend * sd * sd;
  const slope = 1 - bend + 2 * bend * mean;
  const variance = slope ** 2 * sd ** 2 + 2 * bend ** 2 * sd ** 4;
  const reconstruction = -((x - average) ** 2 + variance) / (2 * noise ** 2) - Math.log(noise) - halfLog2Pi;
  return {reconstruction, kl: 0.5 * (mean ** 2 + sd ** 2 - 1) - Math.log(sd)};
}

/** Derivatives of the bound by the mean and by ln σ. */
export function lineGradient({x, bend, noise}: LineModel, {mean, sd}: LineGuess): {mean: number; logSd: number} {
  const error = x - f(mean, bend) - bend * sd ** 2;
  const slope = 1 - bend + 2 * bend * mean;
  const byMean = (error * slope - 2 * bend * slope * sd ** 2) / noise ** 2 - mean;
  const bySd = (2 * bend * sd * error - slope ** 2 * sd - 4 * bend ** 2 * sd ** 3) / noise ** 2 - sd + 1 / sd;
  return {mean: byMean, logSd: bySd * sd};
}

/** A step of gradient ascent; its length is halved until the bound rises. */
export function lineStep(model: LineModel, guess: LineGuess): LineGuess {
  const gradient = lineGradient(model, guess);
  const before = lineElbo(model, guess);
  for (let rate = 0.25; rate > 1e-7; rate /= 2) {
    const move = Math.max(-0.5, Math.min(0.5, rate * gradient.mean));
    const stretch = Math.max(-0.5, Math.min(0.5, rate * gradient.logSd));
    const next = {mean: guess.mean + move, sd: guess.sd * Math.exp(stretch)};
    if (lineElbo(model, next) > before) return next;
  }
  return guess;
}

function lineElbo(model: LineModel, guess: LineGuess): number {
  const {reconstruction, kl} = terms(model, guess);
  return reconstruction - kl;
}
