import {describe, expect, it} from "vitest";
import {frechetDistance, moments} from "../../components/nn/frechet.js";
import {stream} from "../../data/random.js";

function cloud(name: string, n: number, means: readonly number[], deviations: readonly number[]): Float32Array {
  const data = stream(1, "frechet", name).fillNormal(new Float32Array(n * means.length));
  return data.map((value, i) => means[i % means.length]! + deviations[i % means.length]! * value);
}

describe("frechetDistance(one, two)", () => {
  it("is nought for a set and itself", () => {
    const own = moments(cloud("own", 50, [1, 2, 3], [1, 2, 0.5]), 3);
    expect(frechetDistance(own, own)).toBeCloseTo(0, 8);
  });

  it("of Gaussians with independent numbers is Σ (μ₁ − μ₂)² + (σ₁ − σ₂)²", () => {
    const diagonal = (mean: number[], sigma: number[]) => ({
      mean: Float64Array.from(mean),
      covariance: Float64Array.from({length: 9}, (_, i) => (i % 4 === 0 ? sigma[i % 3]! ** 2 : 0)),
      count: 10
    });
    const distance = frechetDistance(diagonal([0, 1, 2], [1, 2, 3]), diagonal([1, 1, 0], [2, 2, 1]));
    expect(distance).toBeCloseTo(1 + 4 + 1 + 4, 8);
  });

  it("is the same both ways, and under a turn of the space", () => {
    const [a, b] = [cloud("a", 200, [0, 1], [1, 2]), cloud("b", 200, [1, 0], [0.5, 1])];
    const turned = (data: Float32Array) => {
      const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
      return data.map((value, i) => (i % 2 === 0 ? c * value - s * data[i + 1]! : s * data[i - 1]! + c * value));
    };
    const there = frechetDistance(moments(a, 2), moments(b, 2));
    expect(frechetDistance(moments(b, 2), moments(a, 2))).toBeCloseTo(there, 8);
    expect(frechetDistance(moments(turned(a), 2), moments(turned(b), 2))).toBeCloseTo(there, 5);
  });

  it("throws for a single vector", () => {
    expect(() => moments([1, 2], 2)).toThrow("expected at least two vectors, got 1");
  });
});
