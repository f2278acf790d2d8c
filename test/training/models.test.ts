// The engine with the notebook's own models, at XS, on WASM.

import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, test} from "vitest";
import {readCheckpoint} from "../../components/training/checkpoint.js";
import {createTrainer} from "../../components/training/createTask.js";
import {Engine} from "../../components/training/engine.js";
import type {SessionEvent, SessionId} from "../../components/training/protocol.js";
import {models} from "../../components/training/registry.js";
import {memoryStore} from "./port.js";

const engine = new Engine(models, memoryStore());
const small = {batchSize: 4};
const request = {caption: "a red circle", temperature: 1, topK: 0, topP: 1, report: 2};

beforeAll(async () => {
  expect((await engine.start("wasm")).backend).toBe("wasm");
});

async function openDvae(seed = 1): Promise<{id: SessionId; events: SessionEvent[]}> {
  const events: SessionEvent[] = [];
  const spec = {model: "dvae", size: "xs", seed, config: small} as const;
  return {id: await engine.openSession(spec, (event) => events.push(event)), events};
}

async function steps(id: SessionId, count: number): Promise<void> {
  for (let i = 0; i < count; ++i) await engine.step(id);
}

const lossesOf = (events: SessionEvent[]) =>
  events.flatMap((event) => (event.type === "metrics" ? [event.values.loss!] : []));

describe("the dVAE", () => {
  test("goes on from a file along the same curve, bit for bit", async () => {
    const whole = await openDvae();
    await steps(whole.id, 3);
    const file = await engine.save(whole.id);
    await steps(whole.id, 3);
    const resumed = await openDvae(2);
    await engine.load(resumed.id, file);
    await steps(resumed.id, 3);
    expect(lossesOf(resumed.events)).toEqual(lossesOf(whole.events).slice(3));
    expect(await engine.probe(resumed.id, "usage")).toEqual(await engine.probe(whole.id, "usage"));
    await engine.closeSession(whole.id);
    await engine.closeSession(resumed.id);
  });

  test("starts from the shipped weights, and from random ones after a reset", async () => {
    const file = readFileSync("data/checkpoints/xs-dvae.safetensors");
    await engine.provideShipped("xs", "dvae", file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
    const events: SessionEvent[] = [];
    const spec = {model: "dvae", size: "xs", seed: 7, start: "shipped"} as const;
    const id = await engine.openSession(spec, (event) => events.push(event));
    const status = () => events.flatMap((event) => (event.type === "status" ? [event.status] : [])).at(-1)!;
    const {metadata} = readCheckpoint(await engine.save(id));
    expect(status()).toMatchObject({state: "finished", step: metadata.step});
    expect(metadata.seed).toBe(1); // the shipped weights' own
    const error = async () => {
      const {inputs, hard} = await engine.probe(id, "reconstructions", {count: 8});
      const squares = Array.from(inputs!.data, (v, i) => (v - hard!.data[i]!) ** 2);
      return squares.reduce((a, b) => a + b, 0) / squares.length / 255 ** 2;
    };
    expect(await error()).toBeLessThan(0.01);
    await engine.reset(id, 7, {batchSize: 4});
    expect(status()).toMatchObject({state: "idle", step: 0});
    expect(await error()).toBeGreaterThan(0.05);
    await engine.closeSession(id);
  });

  test("rolls back when it diverges", async () => {
    const {id, events} = await openDvae();
    await steps(id, 2);
    const before = await engine.save(id);
    await engine.setHyper(id, {learningRate: 1e30});
    await engine.train(id, 10);
    const messages = () => events.flatMap((event) => (event.type === "status" ? [event.status.message] : []));
    while (messages().at(-1) === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    const status = events.flatMap((event) => (event.type === "status" ? [event.status] : [])).at(-1)!;
    expect(status).toMatchObject({state: "paused", step: 2});
    expect(status.message).toContain("Lower the step size (now 1e+30)");
    await engine.setHyper(id, {learningRate: null});
    await steps(id, 1);
    const after = lossesOf(events).at(-1);
    await engine.load(id, before);
    await steps(id, 1);
    expect(lossesOf(events).at(-1)).toBe(after);
    await engine.closeSession(id);
  });
});

test("the dVAE's relaxed bound is its true one at a small temperature", async () => {
  const trainer = createTrainer({model: "dvae", size: "xs", seed: 1, config: small});
  const bounds = async (tau: number) => {
    const {elbRelaxed, elbTrue} = (await trainer.update({tau, learningRate: 0}, true))!;
    return {elbRelaxed: elbRelaxed!, elbTrue: elbTrue!};
  };
  const {elbRelaxed, elbTrue} = await bounds(1e-4);
  expect(elbRelaxed).toBeCloseTo(elbTrue, 3);
  trainer.dispose();
});

test("a partner that fails is given up, and its half computed here", async () => {
  const spec = {model: "dvae", size: "xs", seed: 1, config: small} as const;
  const before = await engine.memory();
  const [alone, left] = [createTrainer(spec), createTrainer(spec)];
  let ended = false;
  left.shareWith({
    compute: () => Promise.reject(new Error("out of memory")),
    dispose() {
      ended = true;
    }
  });
  const losses = [await alone.update({}, true), await left.update({}, true)].map((metrics) => metrics!.loss);
  expect(losses[1]).toBe(losses[0]);
  expect(await left.state()).toEqual(await alone.state());
  expect(ended).toBe(true);
  alone.dispose();
  left.dispose();
  expect(await engine.memory()).toEqual(before);
});

test("a prior learns on a session's dVAE, draws with it, and leaves no tensor behind", async () => {
  const before = await engine.memory();
  const dvae = await openDvae();
  await steps(dvae.id, 2);
  const events: SessionEvent[] = [];
  const source = {from: "session", id: dvae.id} as const;
  const prior = await engine.openSession({model: "prior", size: "xs", seed: 1, config: small, dvae: source}, (event) =>
    events.push(event)
  );
  await steps(prior, 2);
  expect(lossesOf(events).length).toBe(2);
  const pipeline = await engine.openPipeline("xs", source, {from: "session", id: prior});
  const positions: number[] = [];
  const two = await pipeline.sample({...request, seed: 5, candidates: 2}, ({position}) => positions.push(position));
  expect(positions).toEqual(Array.from({length: 16}, (_, i) => i));
  expect(two.images.shape).toEqual([2, 16, 16, 3]);
  // The first candidate is the same however many are drawn beside it.
  const one = await pipeline.sample({...request, seed: 5, candidates: 1}, () => {});
  expect(one.tokens.data).toEqual(two.tokens.data.slice(0, 16));
  await pipeline.dispose();
  await engine.closeSession(prior);
  await engine.closeSession(dvae.id);
  expect(await engine.memory()).toEqual(before);
});

test("shipped weights come from files and draw the same as the session they were saved from", async () => {
  const dvae = await openDvae();
  const source = {from: "session", id: dvae.id} as const;
  const prior = await engine.openSession({model: "prior", size: "xs", seed: 1, config: small, dvae: source}, () => {});
  await steps(prior, 1);
  await engine.provideShipped("xs", "dvae", await engine.save(dvae.id));
  await engine.provideShipped("xs", "prior", await engine.save(prior));
  await expect(engine.provideShipped("s", "prior", await engine.save(prior))).rejects.toThrow("expected s prior");
  const live = await engine.openPipeline("xs", source, {from: "session", id: prior});
  const shipped = await engine.openPipeline("xs", {from: "shipped"}, {from: "shipped"});
  const ask = {...request, seed: 1, candidates: 1};
  expect((await shipped.sample(ask, () => {})).images).toEqual((await live.sample(ask, () => {})).images);
  await engine.closeSession(prior);
  await expect(live.sample(ask, () => {})).rejects.toThrow("expected an open session");
});
