// The claims of the chapter on stage 1: densities that integrate, and verdicts that follow from the numbers.

import {describe, expect, test} from "vitest";
import {sentenceOf} from "../../components/figures/dvae/ablationFigure.js";
import {metricOf, runsOf, summaryOf, verdictOf} from "../../components/figures/dvae/ablationSummary.js";
import {
  logit,
  logitLaplaceDensity,
  logitLaplaceNats,
  massOutside,
  momentsOf,
  normalCdf,
  sigmoid
} from "../../components/figures/dvae/likelihood.js";
import {
  type AblationFile,
  type AblationRun,
  ablationConfigs,
  ablations,
  configKey
} from "../../components/training/ablations.js";

describe("the logit-Laplace", () => {
  test("has all of its mass between 0 and 1, half of it below sigmoid(μ)", () => {
    for (const [mu, b] of [
      [0, 0.02],
      [1.2, 0.5],
      [-4, 1],
      [2, 3]
    ] as const) {
      // The integral in steps of the logit, where the density is tame: du = u (1 − u) dl.
      const [reach, count] = [b * 40, 80_000];
      let [mass, below] = [0, 0];
      for (let i = 0; i < count; ++i) {
        const l = mu - reach + (2 * reach * (i + 0.5)) / count;
        const u = sigmoid(l);
        if (u <= 0 || u >= 1) continue;
        const part = (logitLaplaceDensity(u, {mu, b}) * u * (1 - u) * 2 * reach) / count;
        mass += part;
        if (l < mu) below += part;
      }
      expect(mass).toBeCloseTo(1, 2);
      expect(below).toBeCloseTo(0.5, 2);
    }
    expect(logitLaplaceDensity(-0.1, {mu: 0, b: 1})).toBe(0);
    expect(logitLaplaceDensity(1, {mu: 4, b: 3})).toBe(0);
  });

  test("a hit costs −0.69, −3.0, −5.3, −7.6 nats for b = 1, 0.1, 0.01, 0.001", () => {
    const costs = [1, 0.1, 0.01, 0.001].map((b) => logitLaplaceNats(0.5, {mu: 0, b}));
    expect(costs.map((cost) => Number(cost.toFixed(1)))).toEqual([-0.7, -3, -5.3, -7.6]);
  });

  test("its moments are those of draws; its median is sigmoid(μ)", () => {
    const {mean, sd} = momentsOf({mu: 0, b: 0.1});
    expect(mean).toBeCloseTo(0.5, 6);
    expect(sd).toBeCloseTo(0.1 * Math.SQRT2 * 0.25, 3); // the slope of the sigmoid is 1/4
    expect(logit(sigmoid(1.7))).toBeCloseTo(1.7, 9);
  });
});

test("massOutside() of a Gaussian: one tail of 1 σ is 15.9 %", () => {
  expect(normalCdf(-1)).toBeCloseTo(0.158655, 5);
  expect(massOutside(0.9, 0.1)).toBeCloseTo(0.158655, 4);
  expect(massOutside(1, 0.1)).toBeCloseTo(0.5, 4);
  expect(massOutside(0.5, 1e-4)).toBeLessThan(1e-12);
});

describe("stored ablations", () => {
  const run = (config: AblationRun["config"], seed: number, end: Record<string, number>, divergedAt?: number) => ({
    config,
    seed,
    ...(divergedAt === undefined ? {} : {divergedAt}),
    curve: {step: [1, 600], ...Object.fromEntries(Object.entries(end).map(([k, v]) => [k, [0, v]]))}
  });
  const gain = ablations.find(({name}) => name === "gain")!;
  const [, small, none] = gain.settings;
  const file = (runs: AblationRun[]): AblationFile => ({updates: 600, dataVersion: "1", command: "", runs});

  test("every configuration is run once, and known by its settings in any order", () => {
    const keys = ablationConfigs().map(configKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain(configKey({}));
    expect(configKey({a: 1, b: 2})).toBe(configKey({b: 2, a: 1}));
  });

  test("a claim holds, does not hold, or is undecided by the numbers alone", () => {
    const {metric, better, worse} = gain.compared;
    const byError = {...gain, compared: {metric, better, worse}};
    const runs = (ones: number[], others: number[]) => [
      ...ones.map((hardError, i) => run(small!.config, i, {hardError})),
      ...others.map((hardError, i) => run(none!.config, i, {hardError}))
    ];
    expect(verdictOf(file(runs([0.01, 0.011, 0.012], [0.03, 0.031, 0.032])), byError)).toBe("holds");
    expect(verdictOf(file(runs([0.03, 0.031, 0.032], [0.01, 0.011, 0.012])), byError)).toBe("does not hold");
    expect(verdictOf(file(runs([0.01, 0.02, 0.03], [0.012, 0.022, 0.032])), byError)).toBe("undecided");
    expect(verdictOf(file(runs([0.01], [0.03])), byError)).toBe("undecided");
    expect(verdictOf(file([]), byError)).toBe("not measured");
  });

  test("a claim about divergence is judged by what diverged, whatever the errors", () => {
    const runs = (withIt?: number, without?: number) => [
      run(small!.config, 1, {hardError: 0.03}, withIt),
      run(none!.config, 1, {hardError: 0.01}, without)
    ];
    expect(verdictOf(file(runs()), gain)).toBe("undecided");
    expect(sentenceOf(file(runs()), gain)).toContain("not tested here");
    expect(verdictOf(file(runs(undefined, 30)), gain)).toBe("holds");
    expect(summaryOf(runsOf(file(runs(undefined, 30)), none!.config), "hardError")).toBeNull();
    expect(verdictOf(file(runs(30)), gain)).toBe("does not hold");
    expect(verdictOf(file([]), gain)).toBe("not measured");
  });

  test("the gap is the relaxed bound less the true one", () => {
    expect(metricOf(run({}, 1, {elbRelaxed: -1, elbTrue: -1.5}), "gap").at(-1)).toBe(0.5);
  });
});
