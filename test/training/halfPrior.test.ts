// The prior in mixed precision: its task, its scales as part of a run's state, and what it does with overflows.

import {beforeAll, describe, expect, test} from "vitest";
import {memory, useBackend} from "../../components/tensor/index.js";
import {createTrainer} from "../../components/training/createTask.js";
import {gradientPartner, type Port, serveGradients} from "../../components/training/gradientServer.js";
import type {Metrics, RunSpec} from "../../components/training/protocol.js";
import {shippedDvae} from "../../scripts/shipped.js";

beforeAll(() => useBackend("wasm"));

const dvae = shippedDvae("xs");
const small = {layers: 2, headSize: 4, batchSize: 8, updates: 20, tokenNoiseFrom: 0, tokenNoiseTo: 0};

function trainerOf(config: NonNullable<RunSpec["config"]>, model: "prior" | "priorHalf" = "priorHalf") {
  return createTrainer({model, size: "xs", seed: 3, config: {...small, ...config}}, dvae);
}

async function losses(config: NonNullable<RunSpec["config"]>, steps: number, model?: "prior"): Promise<Metrics[]> {
  const trainer = trainerOf(config, model);
  const found: Metrics[] = [];
  for (let i = 0; i < steps; ++i) found.push((await trainer.update({}, true))!);
  trainer.dispose();
  return found;
}

test("in float32 it is the prior", async () => {
  const [plain, half] = [await losses({}, 4, "prior"), await losses({format: "fp32"}, 4)];
  plain.forEach((metrics, i) => {
    expect(half[i]!.loss! / metrics.loss!).toBeCloseTo(1, 5);
    expect(half[i]!.gradNorm! / metrics.gradNorm!).toBeCloseTo(1, 4);
  });
});

test("fp16 with the paper's scales stays close to float32", async () => {
  const [plain, half] = [await losses({format: "fp32"}, 4), await losses({}, 4)];
  const ratios = plain.map((metrics, i) => half[i]!.loss! / metrics.loss!);
  for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(2e-3);
  expect(ratios.some((ratio) => ratio !== 1)).toBe(true);
});

test("a scale too small leaves the blocks as they were", async () => {
  const moved = async (scale: number) => {
    const trainer = trainerOf({scaling: "fixed"});
    const before = (await trainer.state()).tensors.get("params/layer1.mlp.input.weight")!.data;
    await trainer.update({scale}, true);
    const after = (await trainer.state()).tensors.get("params/layer1.mlp.input.weight")!.data;
    const step = trainer.step;
    trainer.dispose();
    // All weights decay a little; what a gradient moves goes further.
    const decay = 1 - 3e-5 * 0.045;
    return {share: after.filter((v, i) => Math.abs(v - before[i]! * decay) > 1e-6).length / after.length, step};
  };
  expect((await moved(-30)).share).toBe(0);
  expect((await moved(13)).share).toBeGreaterThan(0.9);
});

/** Two ends of a channel within this thread. */
function portPair(): {here: Port; there: Port} {
  const listeners: ((message: unknown) => void)[] = [];
  const end = (mine: number): Port => ({
    send: (message) => queueMicrotask(() => listeners[1 - mine]?.(message)),
    listen(callback) {
      listeners[mine] = callback;
    },
    close() {}
  });
  return {here: end(0), there: end(1)};
}

describe("an overflow", () => {
  test("skips the update, divides that block's scale alone, and the run goes on", async () => {
    const trainer = trainerOf({format: "1-3-12", initialScale: 11, window: 1});
    const before = await trainer.state();
    const first = (await trainer.update({}, true))!;
    const after = await trainer.state();
    expect(first.skipped).toBe(1);
    expect(after.tensors.get("params/image.embedding")).toEqual(before.tensors.get("params/image.embedding"));
    const scales = [1, 2, 3, 4].map((i) => first[`scale${i}`]!);
    expect(scales).toContainEqual(expect.closeTo(10.5, 5));
    for (const scale of scales) expect([10.5, 11.001]).toContainEqual(expect.closeTo(scale, 5));
    trainer.dispose();
  });

  test("a global scale falls for all", async () => {
    const [first] = await losses({format: "1-3-12", scaling: "global", initialScale: 11}, 1);
    expect([1, 2, 3, 4].map((i) => first![`scale${i}`])).toEqual(Array(4).fill(expect.closeTo(10.5, 5)));
  });
});

test("a resumed run goes on as if it had never stopped, scales and skipped updates included", async () => {
  const config = {format: "1-3-12", initialScale: 10, window: 2};
  const whole = trainerOf(config);
  for (let i = 0; i < 6; ++i) await whole.update({}, true);
  const state = await whole.state();
  const resumed = trainerOf(config);
  resumed.restore(state);
  for (let i = 0; i < 6; ++i) {
    // The held-back losses are taken every so many steps since the start, or since going on.
    const {heldImageLoss: _, heldTextLoss: __, ...now} = (await whole.update({}, true))!;
    expect(await resumed.update({}, true)).toMatchObject(now);
  }
  expect(await resumed.state()).toEqual(await whole.state());
  whole.dispose();
  resumed.dispose();
});

test("a partner's half has the same gradients as the whole batch", async () => {
  const settings = {scaling: "fixed", initialScale: 4};
  const [alone, shared] = [trainerOf(settings), trainerOf(settings)];
  const port = portPair();
  serveGradients(port.there);
  const spec = {model: "priorHalf", size: "xs", seed: 3, config: {...small, ...settings}} as const;
  shared.shareWith(gradientPartner(port.here, {spec, backend: "wasm", dvae}));
  const [one, two] = [(await alone.update({}, true))!, (await shared.update({}, true))!];
  expect(two.loss! / one.loss!).toBeCloseTo(1, 5);
  expect(two.gradNorm! / one.gradNorm!).toBeCloseTo(1, 2);
  alone.dispose();
  shared.dispose();
});

test("the probe counts every activation gradient once, at a quarter of the loss's batch", async () => {
  const before = memory().numTensors;
  const trainer = trainerOf({});
  const {counts, zeros, norms} = await trainer.probe("gradients", {step: 0});
  const bins = counts!.shape[1]!;
  const states = 2 * 32; // two sequences of 1 + 16 + 15 states
  const channels = 16;
  const perBlock = [1 + 1 + 3 + 1 + 1, 1 + 4 + 4 + 1 + 1].map((n) => n * states * channels);
  for (let block = 0; block < 4; ++block) {
    const row = Array.from(counts!.data).slice(block * bins, (block + 1) * bins);
    expect(row.reduce((a, b) => a + b, 0) + zeros!.data[block]!).toBe(perBlock[block % 2]);
    expect(norms!.data[block]).toBeGreaterThan(0);
  }
  trainer.dispose();
  expect(memory().numTensors).toBe(before);
});

test("a setting it does not know is refused", () => {
  expect(() => trainerOf({format: "fp17"})).toThrow(/format/);
  expect(() => trainerOf({scaling: "sometimes"})).toThrow(/scaling/);
  expect(() => trainerOf({width: 3})).toThrow(/width/);
});
