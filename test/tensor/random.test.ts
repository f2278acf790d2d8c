import {beforeAll, describe, expect, test} from "vitest";
import {
  gumbelTensor,
  normalTensor,
  read,
  type Tensor,
  uniformTensor,
  useBackend
} from "../../components/tensor/index.js";
import {type Stream, stream} from "../../data/random.js";
import {RANDOM_DIGEST, randomDigest} from "./cases/random.js";

const N = 40_000;

beforeAll(async () => {
  await useBackend("wasm");
});

async function values(draw: (random: Stream, shape: number[]) => Tensor, ...names: string[]): Promise<Float32Array> {
  const tensor = draw(stream(3, ...names), [N]);
  const numbers = (await read(tensor)) as Float32Array;
  tensor.dispose();
  return numbers;
}

function moments(x: Float32Array): {mean: number; variance: number; skew: number} {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const central = (power: number): number => x.reduce((a, b) => a + (b - mean) ** power, 0) / x.length;
  return {mean, variance: central(2), skew: central(3) / central(2) ** 1.5};
}

function correlation(x: Float32Array, y: Float32Array): number {
  const a = moments(x);
  const b = moments(y);
  const both = x.reduce((total, v, i) => total + (v - a.mean) * (y[i]! - b.mean), 0) / x.length;
  return both / Math.sqrt(a.variance * b.variance);
}

// Five standard errors of each estimate, so that the tests also hold for other seeds.
const ERROR = 5 / Math.sqrt(N);

describe("random tensors", () => {
  test("hold stored values, the same on every backend and in every browser", async () => {
    expect(await randomDigest()).toBe(RANDOM_DIGEST);
    await useBackend("cpu");
    expect(await randomDigest()).toBe(RANDOM_DIGEST);
    await useBackend("wasm");
  });

  test("uniformTensor(stream, shape): mean 1/2, variance 1/12, in (0, 1]", async () => {
    const x = await values(uniformTensor, "u");
    const {mean, variance} = moments(x);
    expect(Math.abs(mean - 0.5)).toBeLessThan(ERROR * Math.sqrt(1 / 12));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(ERROR * 0.075);
    expect(Math.min(...x)).toBeGreaterThan(0);
    expect(Math.max(...x)).toBeLessThanOrEqual(1);
  });

  test("normalTensor(stream, shape, std): mean 0, variance std², no skew", async () => {
    const {mean, variance, skew} = moments(await values((random, shape) => normalTensor(random, shape, 2), "n"));
    expect(Math.abs(mean)).toBeLessThan(ERROR * 2);
    expect(Math.abs(variance - 4)).toBeLessThan(ERROR * 4 * Math.SQRT2);
    expect(Math.abs(skew)).toBeLessThan(ERROR * Math.sqrt(6));
  });

  test("gumbelTensor(stream, shape): mean γ, variance π²/6", async () => {
    const {mean, variance} = moments(await values(gumbelTensor, "g"));
    expect(Math.abs(mean - 0.5772156649)).toBeLessThan(ERROR * 1.283);
    expect(Math.abs(variance - Math.PI ** 2 / 6)).toBeLessThan(ERROR * 3.5);
  });

  test("streams of different names, and a stream and its child, are not correlated", async () => {
    const [a, b, child] = [
      await values(normalTensor, "a"),
      await values(normalTensor, "b"),
      await values(normalTensor, "a", "child")
    ];
    expect(Math.abs(correlation(a, b))).toBeLessThan(ERROR);
    expect(Math.abs(correlation(a, child))).toBeLessThan(ERROR);
    expect(correlation(a, await values(normalTensor, "a"))).toBeCloseTo(1, 6);
  });

  test("a draw does not depend on what other streams have drawn", async () => {
    const root = stream(9, "run");
    const alone = await read(normalTensor(root.child("noise"), [5]));
    root.fillNormal(new Float32Array(100));
    expect(await read(normalTensor(root.child("noise"), [5]))).toEqual(alone);
  });
});
