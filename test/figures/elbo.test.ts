// The claims of the chapter on the bound: exact sums, the bound never crossed, equality at the posterior.

import {describe, expect, test} from "vitest";
import {
  bestUnderBeta,
  boundOf,
  type Codes,
  gradientStep,
  normalised,
  posteriorOf,
  withEntry
} from "../../components/figures/elbo/bound.js";
import {
  type LineModel,
  lineBound,
  lineGradient,
  lineStep,
  logEvidence,
  normalDensity,
  posteriorDensity,
  zGrid
} from "../../components/figures/elbo/line.js";
import {stream} from "../../data/random.js";

const random = stream(7, "elbo figures");
const count = 6;

function randomCodes(): Codes {
  const prior = normalised(Array.from({length: count}, () => 0.05 + random.uniform())).map(Math.log);
  return {likelihood: Array.from({length: count}, () => 4 * random.normal()), prior};
}
function randomGuess(): number[] {
  const raw = Array.from({length: count}, () => random.uniform() ** 3);
  if (random.chance(0.3)) raw[random.int(count)] = 0; // a code that q leaves out
  return normalised(raw);
}

describe("the bound over codes", () => {
  test("bound + gap = ln p(x), and the gap is never negative", () => {
    for (let i = 0; i < 300; ++i) {
      const codes = randomCodes();
      const {elbo, gap, logPx} = boundOf(randomGuess(), codes);
      expect(elbo + gap).toBeCloseTo(logPx, 9);
      expect(gap).toBeGreaterThanOrEqual(0);
    }
  });

  test("the true posterior, and nothing near it, meets ln p(x)", () => {
    const codes = randomCodes();
    const posterior = posteriorOf(codes);
    expect(boundOf(posterior, codes).gap).toBeCloseTo(0, 12);
    expect(boundOf(withEntry(posterior, 2, posterior[2]! + 0.05), codes).gap).toBeGreaterThan(1e-4);
  });

  test("gradient steps end at the posterior", () => {
    const codes = {likelihood: [1, 0, -1, 0.5], prior: Array.from({length: 4}, () => Math.log(0.25))};
    let q = [0.97, 0.01, 0.01, 0.01];
    for (let i = 0; i < 400; ++i) q = gradientStep(q, codes, 0.3);
    posteriorOf(codes).forEach((p, k) => {
      expect(q[k]).toBeCloseTo(p, 3);
    });
  });

  test("gradientStep() follows the bound's slope in q, and never goes down", () => {
    const codes = randomCodes();
    const q = normalised([3, 1, 2, 1, 1, 2]);
    const slope = (k: number) => {
      const at = (d: number) =>
        boundOf(
          q.map((p, i) => (i === k ? p + d : p)),
          codes
        ).elbo;
      return (at(1e-6) - at(-1e-6)) / 2e-6;
    };
    const moved = gradientStep(q, codes, 0.01);
    for (let k = 1; k < count; ++k) {
      const shift = Math.log(moved[k]! / q[k]!) - Math.log(moved[0]! / q[0]!);
      expect(shift / 0.01).toBeCloseTo(slope(k) - slope(0), 4);
    }
    let guess: number[] = [1, 0, 0, 0, 0, 0];
    for (let i = 0; i < 150; ++i) {
      const before = boundOf(normalised(guess.map((p) => Math.max(p, 1e-6))), codes).elbo;
      guess = gradientStep(guess, codes, 0.08);
      expect(boundOf(guess, codes).elbo).toBeGreaterThanOrEqual(before - 1e-9);
    }
    expect(boundOf(guess, codes).gap).toBeLessThan(1e-3);
  });

  test("with β < 1 the best value lies above ln p(x), with β > 1 below; no q does better", () => {
    for (let i = 0; i < 50; ++i) {
      const codes = randomCodes();
      for (const beta of [0, 0.25, 0.5, 1, 2, 4]) {
        const {value, q} = bestUnderBeta(codes, beta);
        const objective = (guess: readonly number[]) => {
          const {reconstruction, kl} = boundOf(guess, codes);
          return reconstruction - beta * kl;
        };
        expect(objective(q)).toBeCloseTo(value, 9);
        for (let j = 0; j < 5; ++j) expect(objective(randomGuess())).toBeLessThanOrEqual(value + 1e-9);
        const {logPx} = boundOf(q, codes);
        if (beta < 1) expect(value).toBeGreaterThan(logPx);
        else if (beta > 1) expect(value).toBeLessThan(logPx);
        else expect(value).toBeCloseTo(logPx, 9);
      }
    }
  });

  test("withEntry() keeps a distribution, at both ends too", () => {
    for (const p of [-1, 0, 0.3, 1, 2]) {
      const q = withEntry([0.2, 0.5, 0.3], 1, p);
      expect(q.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(q[1]).toBe(Math.min(1, Math.max(0, p)));
    }
    expect(withEntry([0, 1, 0], 1, 0.5)).toEqual([0.25, 0.5, 0.25]);
  });
});

describe("the bound over a line", () => {
  const models: LineModel[] = [
    {x: 1.2, bend: 0, noise: 0.5},
    {x: -1, bend: 0.4, noise: 0.15},
    {x: 2, bend: 1, noise: 0.4},
    {x: 4, bend: 1, noise: 2}
  ];

  test("is never crossed, wherever the sliders stand", () => {
    for (const model of models) {
      const logPx = logEvidence(model);
      for (const mean of [-3, -1, 0, 1.5, 3]) {
        for (const sd of [0.05, 0.5, 3]) expect(lineBound(model, {mean, sd}, logPx).gap).toBeGreaterThan(-1e-6);
      }
    }
  });

  test("ln p(x) is the normal's own while f is straight, and the posterior integrates to 1", () => {
    const [model] = models;
    const exact = Math.log(normalDensity(model!.x, {mean: 0, sd: Math.hypot(1, model!.noise)}));
    expect(logEvidence(model!)).toBeCloseTo(exact, 9);
    for (const one of models) {
      const logPx = logEvidence(one);
      const mass = zGrid.reduce((sum, z) => sum + posteriorDensity(z, one, logPx), 0) * (zGrid[1]! - zGrid[0]!);
      expect(mass).toBeCloseTo(1, 9);
    }
  });

  test("the closed form is the integral", () => {
    const model = {x: 0.7, bend: 0.6, noise: 0.5};
    const guess = {mean: 0.4, sd: 0.8};
    const dz = zGrid[1]! - zGrid[0]!;
    const logPx = logEvidence(model);
    const gap = zGrid.reduce((sum, z) => {
      const [q, p] = [normalDensity(z, guess), posteriorDensity(z, model, logPx)];
      return p < 1e-290 ? sum : sum + q * Math.log(q / p) * dz; // where it underflows q has next to nothing
    }, 0);
    expect(lineBound(model, guess, logPx).gap).toBeCloseTo(gap, 5);
  });

  test("lineGradient() is the slope", () => {
    for (const model of models) {
      const guess = {mean: 0.6, sd: 0.5};
      const elbo = (mean: number, logSd: number) => lineBound(model, {mean, sd: Math.exp(logSd)}, 0).elbo;
      const [m, s, d] = [guess.mean, Math.log(guess.sd), 1e-5];
      const {mean, logSd} = lineGradient(model, guess);
      expect(mean).toBeCloseTo((elbo(m + d, s) - elbo(m - d, s)) / (2 * d), 4);
      expect(logSd).toBeCloseTo((elbo(m, s + d) - elbo(m, s - d)) / (2 * d), 4);
    }
  });

  test("fitting closes the gap of a Gaussian posterior, and not of one with two hills", () => {
    const fitted = (model: LineModel) => {
      let guess = {mean: -1, sd: 0.7};
      for (let i = 0; i < 500; ++i) guess = lineStep(model, guess);
      return lineBound(model, guess).gap;
    };
    expect(fitted({x: 1.2, bend: 0, noise: 0.5})).toBeLessThan(1e-5);
    expect(fitted({x: 2, bend: 1, noise: 0.4})).toBeGreaterThan(0.3);
  });
});
