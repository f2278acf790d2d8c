import {describe, expect, it} from "vitest";
import {dvaeRecipeOf, priorRecipeOf} from "../../components/models/choices.js";
import {paperDvae, paperDvaeTraining} from "../../components/models/paper.js";
import {annealed, learningRateAt, withOverrides} from "../../components/models/recipe.js";
import {dvaeRecipes, priorRecipes} from "../../components/models/sizes.js";

describe("dvaeRecipeOf(size, overrides)", () => {
  it("is the miniature's unless the paper's choices are asked for", () => {
    expect(dvaeRecipeOf("xs")).toEqual(dvaeRecipes.xs);
    const {config, tau, beta, noise, usageBonus, updates} = dvaeRecipeOf("xs", {choices: "paper"});
    expect(config.likelihood).toBe(paperDvae.likelihood);
    expect(config.estimator).toBe(paperDvae.estimator);
    expect(config.postGain).toBe(1 / 36); // 1 / n², for n = 6 blocks
    expect([annealed(tau, 0), annealed(tau, updates)]).toEqual([1, paperDvaeTraining.tau.to]);
    expect([annealed(beta, 0), annealed(beta, updates)]).toEqual([0, paperDvaeTraining.beta.to]);
    expect(annealed(noise, 0)).toBe(1);
    expect(annealed(usageBonus, 0)).toBe(0);
  });

  it("takes further settings with either", () => {
    expect(dvaeRecipeOf("s", {choices: "paper", codes: 32, updates: 10})).toMatchObject({
      updates: 10,
      config: {codes: 32}
    });
    expect(() => dvaeRecipeOf("s", {choices: "mine"})).toThrow("got mine");
  });
});

describe("priorRecipeOf(size, overrides)", () => {
  it("takes the paper's likeliest tokens, halved step size and bound on the gradient", () => {
    expect(priorRecipeOf("xs")).toEqual(priorRecipes.xs);
    const {tokenNoise, learningRate, adam, updates, config} = priorRecipeOf("xs", {choices: "paper"});
    expect(annealed(tokenNoise, updates)).toBe(0);
    expect(adam.clipNorm).toBe(4);
    expect(learningRateAt(learningRate, updates, updates)).toBe(learningRate.peak / 32);
    expect(config).toEqual(priorRecipes.xs.config);
  });
});

describe("withOverrides(recipe, overrides)", () => {
  it("names a setting that the recipe does not have, or of another type", () => {
    expect(() => withOverrides(dvaeRecipes.xs, {nonsense: 1})).toThrow("nonsense");
    expect(() => withOverrides(dvaeRecipes.xs, {codes: "many"})).toThrow("codes");
  });

  it("takes the parts of a schedule by one name", () => {
    const {tau, beta} = withOverrides(dvaeRecipes.xs, {tauTo: 1 / 16, tauShape: "linear", tauEnd: 100, betaTo: 6.6});
    expect(tau).toEqual({...dvaeRecipes.xs.tau, to: 1 / 16, shape: "linear", end: 100});
    expect(annealed({from: 1, to: 0, start: 0, end: 100, shape: "linear"}, 25)).toBe(0.75);
    expect(beta.to).toBe(6.6);
    for (const wrong of [{tauTo: "small"}, {tauShape: "square"}, {codesTo: 3}, {nothingFrom: 1}]) {
      expect(() => withOverrides(dvaeRecipes.xs, wrong)).toThrow(Object.keys(wrong)[0]!);
    }
  });
});
