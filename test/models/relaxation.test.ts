import {beforeAll, describe, expect, test} from "vitest";
import {
  type Estimator,
  estimate,
  lossAt,
  noDraws,
  qualityOf,
  smallProblem,
  trueGradient,
  withDraws
} from "../../components/models/estimators.js";
import {
  blended,
  blendOf,
  countDraws,
  gumbels,
  hardDraw,
  relaxedDraw,
  softmaxAt,
  standardError
} from "../../components/models/relaxation.js";
import {relaxedSample} from "../../components/nn/gumbel.js";
import {dispose, read, tensor, useBackend} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";

beforeAll(async () => {
  await useBackend("wasm");
});

const logits = Float64Array.of(1.5, -2, 0.5, 3, -0.25);

describe("the relaxation in double precision", () => {
  test.each([1 / 16, 1, 8])("is what the tensors compute, τ = %d", async (tau) => {
    const g = gumbels(5, stream(1, "noise"));
    const [l, n] = [tensor(Float32Array.from(logits), [1, 5]), tensor(Float32Array.from(g), [1, 5])];
    const y = relaxedSample(l, n, tau);
    const values = await read(y);
    for (const [k, v] of relaxedDraw(logits, g, tau).entries()) expect(values[k]).toBeCloseTo(v, 5);
    dispose([l, n, y]);
  });

  test("softmaxAt never overflows: huge logits at the smallest τ, and the ends of both ranges", () => {
    const y = softmaxAt([4000, -4000, 3999], 1 / 16);
    expect([...y].every(Number.isFinite)).toBe(true);
    expect(y[0]).toBeGreaterThan(0.999);
    expect(softmaxAt([1e308, -1e308], 8)[0]).toBe(1);
    expect(softmaxAt([4, -4, 0], 1e9).every((p) => Math.abs(p - 1 / 3) < 1e-6)).toBe(true);
  });

  test("the largest entry is the same at every τ", () => {
    const from = stream(2, "noise");
    for (let i = 0; i < 200; ++i) {
      const g = gumbels(5, from);
      const winners = [1 / 16, 1, 8].map((tau) => {
        const y = relaxedDraw(logits, g, tau);
        return y.indexOf(Math.max(...y));
      });
      expect(new Set([hardDraw(logits, g), ...winners]).size).toBe(1);
    }
  });

  test.each([3, 8, 32])(
    "10,000 Gumbel-max draws of %d codes match softmax(ℓ) within the error of counting",
    (codes) => {
      const from = stream(5, "logits", codes);
      const l = Float64Array.from({length: codes}, () => 1.5 * from.normal());
      const n = 10_000;
      const counts = countDraws(l, n, stream(6, "draws", codes));
      const pi = softmaxAt(l);
      // χ² of K − 1 degrees of freedom: its mean is K − 1, its standard deviation √(2 (K − 1)).
      const chi = counts.reduce((sum, c, k) => sum + (c - n * pi[k]!) ** 2 / (n * pi[k]!), 0);
      expect(Math.abs(chi - (codes - 1))).toBeLessThan(4 * Math.sqrt(2 * (codes - 1)));
      for (const [k, c] of counts.entries())
        expect(Math.abs(c / n - pi[k]!)).toBeLessThan(4 * standardError(pi[k]!, n) + 2 / n);
    }
  );

  test("blended(y) is 1 for one code and K for all alike", () => {
    expect(blended([0, 1, 0])).toBe(1);
    expect(blended([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4, 12);
  });

  // facts.md, section 5: largest entry and codes blended, uniform logits.
  test.each([
    [16, 2, 0.22, 12],
    [16, 1, 0.42, 6.5],
    [16, 0.5, 0.67, 2.7],
    [16, 1 / 16, 0.96, 1.1],
    [128, 1, 0.31, 22],
    [128, 0.5, 0.63, 3.6],
    [128, 1 / 16, 0.96, 1.1]
  ])("blendOf of %d codes at τ = %d is near %d / %d", (codes, tau, largest, count) => {
    const from = stream(7, "blend", codes);
    const draws = Array.from({length: 800}, () => gumbels(codes, from));
    const found = blendOf(draws, tau);
    expect(Math.abs(found.largest - largest)).toBeLessThan(0.03);
    expect(Math.abs(found.blended / count - 1)).toBeLessThan(0.08);
  });
});

describe("gradient estimators", () => {
  const problem = smallProblem(6, 1, stream(1, "problem"));
  const expectedLoss = (l: Float64Array) =>
    softmaxAt(l).reduce((sum, p, k) => sum + p * lossAt(problem, oneHot(k)).value, 0);
  const oneHot = (k: number) => Float64Array.from({length: 6}, (_, j) => (j === k ? 1 : 0));
  const nudged = (values: Float64Array, k: number, by: number) => values.map((v, j) => (j === k ? v + by : v));

  test("trueGradient(problem) is the expectation's by finite differences", () => {
    for (const [k, g] of trueGradient(problem).entries()) {
      const [up, down] = [1e-5, -1e-5].map((h) => expectedLoss(nudged(problem.logits, k, h)));
      expect(g).toBeCloseTo((up! - down!) / 2e-5, 8);
    }
  });

  test.each([0.1, 1, 8])("the relaxed estimate is the gradient of f(y) by finite differences, τ = %d", (tau) => {
    const gumbel = gumbels(6, stream(2, "noise"));
    const loss = (l: Float64Array) => lossAt(problem, relaxedDraw(l, gumbel, tau)).value;
    for (const [k, g] of estimate("relaxed", problem, gumbel, tau).entries()) {
      const [up, down] = [1e-6, -1e-6].map((h) => loss(nudged(problem.logits, k, h)));
      expect(g).toBeCloseTo((up! - down!) / 2e-6, 6);
    }
  });

  const quality = (kind: Estimator, tau: number, draws = 8000) =>
    qualityOf(withDraws(noDraws(6), kind, problem, tau, draws, stream(3, kind)), trueGradient(problem));

  test("the score function is right on average; all of its bias is within three standard errors", () => {
    const {bias, error} = quality("score", 1, 20_000);
    expect(bias).toBeLessThan(3 * error);
  });

  test("the relaxed gradient's bias grows with τ and its noise falls", () => {
    const [small, one, large] = [quality("relaxed", 1 / 8, 20_000), quality("relaxed", 1), quality("relaxed", 8)];
    expect(small.bias + 3 * small.error).toBeLessThan(one.bias + 3 * small.error + 3 * one.error);
    expect(one.bias).toBeLessThan(large.bias);
    expect(large.bias).toBeGreaterThan(0.5);
    expect(small.noise).toBeGreaterThan(2 * one.noise);
    expect(one.noise).toBeGreaterThan(2 * large.noise);
  });

  test("straight-through keeps a bias where the relaxed gradient has lost most of its own", () => {
    const [straight, relaxed] = [quality("straightThrough", 1 / 4, 20_000), quality("relaxed", 1 / 4, 20_000)];
    expect(straight.bias - 3 * straight.error).toBeGreaterThan(0);
    expect(straight.bias).toBeGreaterThan(relaxed.bias);
  });

  test("a constant added to all logits changes no estimate: they add up to nought", () => {
    const gumbel = gumbels(6, stream(4));
    for (const kind of ["relaxed", "straightThrough", "score"] as const) {
      expect(estimate(kind, problem, gumbel, 0.5).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 10);
    }
  });
});
