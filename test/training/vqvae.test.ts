// The VQ-VAEs and the small relaxed dVAE in training, at XS on WASM.

import {beforeAll, describe, expect, test} from "vitest";
import {memory, useBackend} from "../../components/tensor/index.js";
import {createTrainer} from "../../components/training/createTask.js";
import type {ModelName, RunSpec} from "../../components/training/protocol.js";

beforeAll(async () => {
  await useBackend("wasm");
});

const spec = (model: ModelName, config: NonNullable<RunSpec["config"]> = {}): RunSpec => ({
  model,
  size: "xs",
  seed: 1,
  config: {batchSize: 4, ...config}
});

async function losses(one: ReturnType<typeof createTrainer>, steps: number, hyper = {}): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < steps; ++i) found.push((await one.update(hyper, true))!.loss!);
  return found;
}

describe.each(["vqvae", "vqvaePlane", "gumbel"] as const)("%s", (model) => {
  test("same spec, same curve; goes on from a state as if never stopped; leaves no tensor behind", async () => {
    const before = memory().numTensors;
    const [one, two] = [createTrainer(spec(model)), createTrainer(spec(model))];
    const first = await losses(one, 2);
    expect(await losses(two, 2)).toEqual(first);
    const state = await one.state();
    const rest = await losses(one, 2);
    two.restore(state);
    expect(await losses(two, 2)).toEqual(rest);
    one.dispose();
    two.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

async function codebookOf(trainer: ReturnType<typeof createTrainer>): Promise<Float32Array> {
  return Float32Array.from((await trainer.state()).tensors.get("params/codebook")!.data);
}

describe("what moves the codebook", () => {
  test("not the gradient, where the second term is switched off", async () => {
    const one = createTrainer(spec("vqvae", {start: "random", revive: 0}));
    const before = await codebookOf(one);
    await losses(one, 2, {codebook: 0});
    expect(await codebookOf(one)).toEqual(before);
    await losses(one, 1);
    expect(await codebookOf(one)).not.toEqual(before);
    one.dispose();
  });

  test("a moving average moves only codes that were chosen", async () => {
    const one = createTrainer(spec("vqvae", {start: "random", revive: 0, codebookUpdate: "ema"}));
    const before = await codebookOf(one);
    await losses(one, 1);
    const after = await codebookOf(one);
    const moved = Array.from({length: 64}, (_, k) =>
      after.subarray(8 * k, 8 * k + 8).some((v, i) => v !== before[8 * k + i])
    );
    const count = moved.filter(Boolean).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(64);
    one.dispose();
  });

  test("k-means leaves few codes without outputs; a random start most", async () => {
    const dead = async (start: string) => {
      const one = createTrainer(spec("vqvae", {start, revive: 0}));
      const metrics = await one.update({}, true);
      one.dispose();
      return metrics!.deadCodes!;
    };
    expect(await dead("kMeans")).toBeLessThan(32);
    expect(await dead("random")).toBeGreaterThan(32);
  });

  test("revival brings dead codes back", async () => {
    const one = createTrainer(spec("vqvae", {start: "random", revive: 3}));
    await losses(one, 2);
    const {counts: before} = await one.probe("usage");
    await losses(one, 1);
    const {counts: after} = await one.probe("usage");
    const used = (counts: ArrayLike<number>) => Array.from(counts).filter((n) => n > 0).length;
    expect(used(after!.data)).toBeGreaterThan(used(before!.data) + 10);
    one.dispose();
  });
});

describe("probes", () => {
  test("gradients: each term reaches what the paper says; without sg or copy, more or other", async () => {
    const one = createTrainer(spec("vqvae"));
    await losses(one, 1);
    const reached = async (args = {}) => {
      const {norms} = await one.probe("gradients", args);
      return Array.from(norms!.data, (norm) => (norm > 0 ? 1 : 0)).join("");
    };
    expect(await reached()).toBe("101010100");
    expect(await reached({sg: 0})).toBe("101110110");
    expect(await reached({copy: 0})).toBe("011010100");
    one.dispose();
  });

  test("tokens and decode agree; wrong tokens are refused", async () => {
    const one = createTrainer(spec("vqvae"));
    const {tokens, image} = await one.probe("tokens", {image: 3});
    const again = await one.probe("decode", {tokens: Array.from(tokens!.data).join(" ")});
    expect(again.image).toEqual(image);
    await expect(one.probe("decode", {tokens: "1 2 3"})).rejects.toThrow("expected 64 codes below 64, got 3");
    await expect(one.probe("nothing")).rejects.toThrow("got nothing");
    one.dispose();
  });

  test("priors: uniform costs 384 bits, and what is counted costs less", async () => {
    const one = createTrainer(spec("vqvae"));
    await losses(one, 2);
    const {bits, uniform} = await one.probe("priors", {images: 64, count: 2});
    expect(bits!.data[0]).toBeCloseTo(384, 3);
    expect(bits!.data[2]).toBeLessThan(bits!.data[0]!);
    expect(uniform!.shape).toEqual([2, 16, 16, 3]);
    one.dispose();
  });

  test("place: at a code's own vector, the place and its code decode alike", async () => {
    const one = createTrainer(spec("vqvaePlane"));
    const {vectors} = await one.probe("codebook");
    const [u = 0, v = 0] = vectors!.data;
    const {own, nearest, code} = await one.probe("place", {u, v});
    expect(own).toEqual(nearest);
    expect(code!.data[0]).toBe(0);
    one.dispose();
  });

  test("gap: relaxed draws at a tiny τ are those of the chosen codes; fewer codes are blended the smaller τ is", async () => {
    const one = createTrainer(spec("gumbel"));
    await losses(one, 2);
    const {relaxed, hard, blended, taus} = await one.probe("gap", {points: 8});
    expect(taus!.data[0]).toBeCloseTo(1 / 16, 6);
    expect(taus!.data[7]).toBeCloseTo(8, 6);
    expect(Math.abs(relaxed!.data[0]! / hard!.data[0]! - 1)).toBeLessThan(0.05);
    for (let i = 1; i < 8; ++i) expect(blended!.data[i]).toBeGreaterThan(blended!.data[i - 1]!);
    one.dispose();
  });
});
