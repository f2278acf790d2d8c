// The autoencoders' and VAEs' task, at XS, on WASM.

import {beforeAll, describe, expect, test} from "vitest";
import {klToNormal} from "../../components/models/autoencoder.js";
import {memory, type NamedArrays, read, tensor, useBackend} from "../../components/tensor/index.js";
import {createTask, createTrainer} from "../../components/training/createTask.js";
import {gradientOf, readGradient} from "../../components/training/gradient.js";
import type {RunSpec} from "../../components/training/protocol.js";
import {attributesOf, heldScenes, imagesOf, SceneSource} from "../../components/training/sceneSource.js";
import {stream} from "../../data/random.js";

const names = ["ae", "aePlane", "vae", "vaePlane"] as const;
const spec = (model: RunSpec["model"]): RunSpec => ({model, size: "xs", seed: 1, config: {batchSize: 6}});

beforeAll(async () => {
  await useBackend("wasm");
});

function opened(model: RunSpec["model"]) {
  const {task, weights} = createTask(spec(model));
  const params = Object.fromEntries(
    Object.entries(weights as NamedArrays).map(([name, {shape, data}]) => [name, tensor(data, [...shape])])
  );
  return {task, params};
}

describe.each(names)("%s", (model) => {
  test("the mean over two shards is the whole batch's", async () => {
    const {task, params} = opened(model);
    const hyper = task.schedule(10);
    const of = async (index: number, count: number) =>
      readGradient(await gradientOf(task, params, 10, hyper, {index, count}));
    const [whole, first, second] = [await of(0, 1), await of(0, 2), await of(1, 2)];
    const mean = first.grads.map((g, i) => (g + second.grads[i]!) / 2);
    const largest = (values: Float32Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const errors = mean.map((g, i) => g - whole.grads[i]!);
    expect(largest(errors) / largest(whole.grads)).toBeLessThan(1e-4);
  });

  test("the same spec gives the same numbers, and leaves no tensor behind", async () => {
    const before = memory().numTensors;
    const losses: number[][] = [];
    for (let run = 0; run < 2; ++run) {
      const trainer = createTrainer(spec(model));
      losses.push([]);
      for (let i = 0; i < 3; ++i) losses[run]!.push((await trainer.update({}, true))!.loss!);
      trainer.dispose();
    }
    expect(losses[0]).toEqual(losses[1]);
    expect(new Set(losses[0]).size).toBe(3);
    expect(memory().numTensors).toBe(before);
  });

  test("every view leaves no tensor behind", async () => {
    const {task, params} = opened(model);
    const before = memory().numTensors;
    const latents = params["decoder.hidden.weight"]!.shape[0]!;
    const plane = Array.from({length: 2 * latents}, (_, i) => i / 10).join();
    const views = [
      ["reconstructions", {count: 3}],
      ["codes", {}],
      ["decode", {z: plane}],
      ["interpolation", {a: 0, b: 1, steps: 3}],
      ["samples", {count: 2, fitted: 1}],
      ...(model.startsWith("vae")
        ? ([
            ["terms", {strength: 2}],
            ["gradients", {count: 4}]
          ] as const)
        : ([["widths", {}]] as const))
    ] as const;
    for (const [name, args] of views) {
      for (const {data} of Object.values(await task.probe(params, name, args as Record<string, number>))) {
        expect(Array.from(data).every(Number.isFinite), name).toBe(true);
      }
      expect(memory().numTensors, name).toBe(before);
    }
    await expect(task.probe(params, "decode", {z: "1"})).rejects.toThrow("expected a multiple");
    await expect(task.probe(params, "nothing", {})).rejects.toThrow("expected reconstructions");
  });
});

test("a nested autoencoder's width cuts the later latents off", async () => {
  const {task, params} = opened("ae");
  const {decoded, z} = await task.probe(params, "interpolation", {a: 0, b: 1, steps: 3, width: 5});
  expect(decoded!.shape).toEqual([3, 16, 16, 3]);
  expect(Array.from(z!.data).map((v, i) => i % 32 < 5 || v === 0)).not.toContain(false);
  const {mixed} = await task.probe(params, "interpolation", {a: 0, b: 1, steps: 3});
  const [a, b] = heldScenes("all", 2);
  const ends = imagesOf([a!, b!]).data;
  expect(Array.from(mixed!.data.slice(0, 768))).toEqual(Array.from(ends.slice(0, 768)));
  expect(Math.abs(mixed!.data[768]! - (ends[0]! + ends[768]!) / 2)).toBeLessThan(1);
});

test("the terms' KL is the closed form at the encoder's μ and σ", async () => {
  const {task, params} = opened("vae");
  const [{mu, sigma}, {kl}] = [
    await task.probe(params, "codes", {strength: 1}),
    await task.probe(params, "terms", {strength: 1})
  ];
  const logVariance = Float32Array.from(sigma!.data, (s) => 2 * Math.log(s));
  const each = await read(klToNormal(tensor(mu!.data as Float32Array), tensor(logVariance)));
  const first = Array.from(each).filter((_, i) => i % 8 === 0);
  expect(first.reduce((a, b) => a + b, 0) / first.length).toBeCloseTo(kl!.data[0]!, 3);
});

test("a VAE's gradient through the sample is the derivative of −ln p(x | z)", async () => {
  const {task, params} = opened("vaePlane");
  const ask = (args: Record<string, number>) =>
    task.probe(params, "gradients", {count: 3, seed: 2, strength: 0, ...args});
  const {nats, through, z, mu, sigma, epsilon} = await ask({});
  for (let i = 0; i < 6; ++i) {
    expect(z!.data[i]).toBeCloseTo(mu!.data[i % 2]! + sigma!.data[i % 2]! * epsilon!.data[i]!, 4);
  }
  // σ a little larger moves z by Δσ ε, and f by the gradient along that.
  const step = 0.01;
  const [more, less] = [await ask({scale: 1 + step}), await ask({scale: 1 - step})];
  for (let i = 0; i < 3; ++i) {
    const slope = (more.nats!.data[i]! - less.nats!.data[i]!) / (2 * step);
    const along = [0, 1].map((j) => through!.data[2 * i + j]! * sigma!.data[j]! * epsilon!.data[2 * i + j]!);
    expect(Math.abs(slope - along[0]! - along[1]!)).toBeLessThan(0.02 * Math.abs(slope) + 0.1);
  }
  expect(nats!.shape).toEqual([3]);
});

test("scenes of a slice: every training scene once an epoch, no held-back picture twice", () => {
  const held = heldScenes("topLeft", 64);
  expect(held.every((one) => attributesOf(one).place === "top left")).toBe(true);
  expect(new Set(held.map((one) => one.image().join())).size).toBe(64);
  const source = new SceneSource("topLeft", 5, stream(1, "order"));
  expect(source.at(7, 1, 3).data).toEqual(source.at(7).data.slice(768, 3 * 768));
  expect(source.at(0).data).not.toEqual(source.at(1).data);
});
