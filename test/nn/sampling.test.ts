import {describe, expect, it} from "vitest";
import {drawCode, entropyBits, samplingDistribution} from "../../components/nn/sampling.js";
import {stream} from "../../data/random.js";

const logits = Float32Array.from([0, Math.log(2), Math.log(4), Math.log(1)]); // probabilities 1/8, 2/8, 4/8, 1/8
const all = {temperature: 1, topK: 0, topP: 1};

describe("samplingDistribution(logits, options)", () => {
  it("is the softmax at t = 1", () => {
    const p = samplingDistribution(logits, all);
    [1 / 8, 2 / 8, 4 / 8, 1 / 8].forEach((expected, i) => {
      expect(p[i]).toBeCloseTo(expected, 6);
    });
  });

  it("sharpens below t = 1, flattens above, and is greedy at 0", () => {
    expect(samplingDistribution(logits, {...all, temperature: 0.5})[2]).toBeCloseTo(16 / 22, 6);
    expect(samplingDistribution(logits, {...all, temperature: 1e6})[2]).toBeCloseTo(1 / 4, 4);
    expect(Array.from(samplingDistribution(logits, {...all, temperature: 0}))).toEqual([0, 0, 1, 0]);
    expect(Array.from(samplingDistribution(logits, {...all, temperature: 1e-4}))).toEqual([0, 0, 1, 0]);
  });

  it("keeps the k most probable, ties by the smaller code", () => {
    const p = samplingDistribution(logits, {...all, topK: 3});
    expect(p[3]).toBe(0);
    expect(p[0]).toBeCloseTo(1 / 7, 6);
  });

  it("keeps the smallest set that holds the mass", () => {
    expect(Array.from(samplingDistribution(logits, {...all, topP: 0.5}), (v) => v > 0)).toEqual([
      false,
      false,
      true,
      false
    ]);
    expect(Array.from(samplingDistribution(logits, {...all, topP: 0.6}), (v) => v > 0)).toEqual([
      false,
      true,
      true,
      false
    ]);
  });
});

describe("drawCode(distribution, u)", () => {
  it("draws each code as often as its probability says", () => {
    const p = samplingDistribution(logits, all);
    const s = stream(7, "draws");
    const counts = [0, 0, 0, 0];
    const n = 40000;
    for (let i = 0; i < n; ++i) counts[drawCode(p, s.uniform())]! += 1;
    counts.forEach((count, i) => {
      const expected = p[i]!;
      expect(Math.abs(count / n - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / n));
    });
  });

  it("never draws a code without mass, even at the end of rounding", () => {
    expect(drawCode(Float64Array.from([0, 0.5, 0.5, 0]), 1 - 1e-17)).toBe(2);
  });
});

describe("entropyBits(distribution)", () => {
  it("is log2 of the number of equal codes", () => {
    expect(entropyBits(Float64Array.from([0.25, 0.25, 0.25, 0.25]))).toBeCloseTo(2, 12);
    expect(entropyBits(Float64Array.from([1, 0]))).toBe(0);
  });
});
