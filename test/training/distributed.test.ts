// A distributed run in Node: real threads, messages counted, against one worker and against the ordinary trainer.

import {afterEach, beforeAll, expect, test} from "vitest";
import {memory, useBackend} from "../../components/tensor/index.js";
import {createTrainer} from "../../components/training/createTask.js";
import {distributedTrainer} from "../../components/training/distributed/distributedTrainer.js";
import type {Port} from "../../components/training/gradientServer.js";
import type {ModelTrainer} from "../../components/training/modelTrainer.js";
import type {RunSpec} from "../../components/training/protocol.js";
import type {TrainerState} from "../../components/training/trainer.js";
import {nodeReplicaPort} from "../../scripts/gradientPort.js";
import {shippedDvae} from "../../scripts/shipped.js";

const dvae = shippedDvae("xs");
const small = {batchSize: 6, layers: 2};
const spec = (config: RunSpec["config"] = {}): RunSpec => ({
  model: "priorParallel",
  size: "xs",
  seed: 1,
  config: {...small, ...config}
});
const open: ModelTrainer[] = [];
function make(config: RunSpec["config"], start: () => Port = nodeReplicaPort): ModelTrainer {
  const trainer = distributedTrainer({spec: spec(config), backend: "wasm", dvae}, start);
  open.push(trainer);
  return trainer;
}
async function losses(trainer: ModelTrainer, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; ++i) all.push((await trainer.update({}, true))!.loss!);
  return all;
}
function expectAlike(a: readonly number[], b: readonly number[], relative = 2e-4): void {
  expect(a.length).toBe(b.length);
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i]!) / b[i]!, `step ${i + 1}`).toBeLessThan(relative);
  });
}

beforeAll(async () => {
  await useBackend("wasm");
});
afterEach(() => {
  for (const trainer of open.splice(0)) trainer.dispose();
});

test("how many workers there are changes nothing but rounding", async () => {
  const ordinary = createTrainer(spec({workers: 1}), dvae);
  open.push(ordinary);
  const expected = await losses(ordinary, 6);
  expect(expected[5]).toBeLessThan(expected[0]!);
  for (const workers of [1, 2, 3]) expectAlike(await losses(make({workers}), 6), expected);
});

test.each(["fixed", "resampled", "warm"] as const)(
  "nor with compression: %s, which changes the run, but is linear in the gradients",
  async (compression) => {
    const [one, two] = [make({workers: 1, compression, rank: 2}), make({workers: 2, compression, rank: 2})];
    const alone = await losses(one, 6);
    expectAlike(await losses(two, 6), alone);
    const full = await losses(make({workers: 1}), 6);
    expect(Math.max(...alone.map((loss, i) => Math.abs(loss - full[i]!)))).toBeGreaterThan(1e-3);
  }
);

test("full rank is no compression", async () => {
  expectAlike(await losses(make({workers: 1, compression: "fixed", rank: 96}), 6), await losses(make({workers: 1}), 6));
});

test("goes on from its state as if it had never stopped, though only the sum of the errors is kept", async () => {
  const config = {workers: 2, compression: "warm", rank: 3};
  const whole = make(config);
  await losses(whole, 3);
  const state = await whole.state();
  const error = state.tensors.get("error/sum")!.data;
  expect(error.some((value) => value !== 0)).toBe(true);
  const rest = await losses(whole, 3);
  const resumed = make(config);
  resumed.restore(state);
  expect((await resumed.state()).tensors).toEqual(state.tensors);
  expectAlike(await losses(resumed, 3), rest);
  // Once more on the same workers, which now hold errors of later steps.
  resumed.restore(state);
  expectAlike(await losses(resumed, 3), rest);
  // Without the errors the run is another: here with one worker, which has the same run.
  const without: TrainerState = {
    ...state,
    tensors: new Map([...state.tensors, ["error/sum", {shape: [error.length], data: error.map(() => 0)}]])
  };
  const forgetful = make({...config, workers: 1});
  forgetful.restore(without);
  const other = await losses(forgetful, 3);
  expect(Math.max(...other.map((loss, i) => Math.abs(loss - rest[i]!)))).toBeGreaterThan(1e-4);
});

test("counts the bytes of the messages that it sends", async () => {
  const counted = async (config: RunSpec["config"]) => {
    let bytes = 0;
    const start = (): Port => {
      const port = nodeReplicaPort();
      return {
        ...port,
        listen: (callback) =>
          port.listen((message) => {
            for (const value of Object.values(message as object)) {
              if (value instanceof Float32Array) bytes += value.byteLength;
            }
            callback(message);
          })
      };
    };
    const {sentBytes, wireBytes, wholeBytes, sentShare} = (await make(config, start).update({}, true))!;
    return {bytes, sentBytes: sentBytes!, wireBytes: wireBytes!, wholeBytes, sentShare: sentShare!};
  };
  const full = await counted({workers: 2});
  const less = await counted({workers: 2, compression: "fixed", rank: 4});
  const parameters = [...(await make({workers: 1}).state()).tensors].filter(([name]) => name.startsWith("params/"));
  const count = parameters.reduce((sum, [, {data}]) => sum + data.length, 0);
  expect([full.sentBytes, full.wholeBytes]).toEqual([4 * count, 4 * count]);
  expect(less.sentBytes).toBe(less.bytes);
  expect(less.sentBytes / full.sentBytes).toBeCloseTo(less.sentShare, 6);
  // Every worker but the first sends, and is sent, as much.
  expect(full.wireBytes).toBe(2 * full.sentBytes);
  expect((await counted({workers: 3, compression: "fixed", rank: 4})).wireBytes).toBe(4 * less.sentBytes);
  expect((await counted({workers: 1})).wireBytes).toBe(0);
});

test("the probe gives the gradient of a matrix and the errors that are added to it", async () => {
  const trainer = make({workers: 2, compression: "fixed", rank: 2});
  await losses(trainer, 2);
  const {gradient, error} = await trainer.probe("gradient", {matrix: "layer1.mlp.input.weight"});
  expect([gradient!.shape, error!.shape]).toEqual([
    [96, 384],
    [96, 384]
  ]);
  expect(gradient!.data.some((value) => value !== 0) && error!.data.some((value) => value !== 0)).toBe(true);
  const plain = await trainer.probe("gradient", {matrix: "text.embedding"});
  expect(plain.error).toBeUndefined();
  await expect(trainer.probe("gradient", {matrix: "nothing"})).rejects.toThrow("expected a parameter, got nothing");
});

test("a worker that fails ends the run with its reason, and leaves no tensor behind", async () => {
  const before = memory();
  const trainer = distributedTrainer({spec: spec({workers: 2}), backend: "wasm", dvae}, () => {
    let tell: (message: unknown) => void = () => {};
    return {
      send: (message) => {
        if ((message as {kind: string}).kind === "gradient") tell({kind: "failure", message: "out of memory"});
      },
      listen: (callback) => {
        tell = callback;
      },
      close: () => {}
    };
  });
  await expect(trainer.update({}, true)).rejects.toThrow("another worker of this run failed: out of memory");
  trainer.dispose();
  expect(memory().numTensors).toBe(before.numTensors);
});
