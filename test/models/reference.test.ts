import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {currentBackend, useBackend} from "../../components/tensor/index.js";
import {dvaeResults, largestError, priorResults} from "./referenceCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/models.json", import.meta.url), "utf8"));

describe.each(["wasm", "cpu"] as const)("forward and gradients on %s against PyTorch float64", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it("runs on that backend", () => {
    expect(currentBackend()).toBe(backend);
  });

  it.each([
    ["logitLaplace", "gumbelSoftmax"],
    ["l2", "straightThrough"],
    ["l1", "gumbelSoftmax"]
  ] as const)("dVAE with %s, %s", async (likelihood, estimator) => {
    const {error, where} = largestError(
      await dvaeResults(likelihood, estimator),
      stored.dvae[`${likelihood}/${estimator}`]
    );
    expect(error, where).toBeLessThan(1e-4);
  });

  it("prior", async () => {
    const {error, where} = largestError(await priorResults(), stored.prior);
    expect(error, where).toBeLessThan(1e-4);
  });
});
