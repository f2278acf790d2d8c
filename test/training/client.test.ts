import {afterEach, describe, expect, test} from "vitest";
import {readCheckpoint, writeCheckpoint} from "../../components/training/checkpoint.js";
import {EngineClient} from "../../components/training/client.js";
import {CheckpointError, EngineError} from "../../components/training/errors.js";
import type {BackendName, RunSpec, SampleRequest, SessionEvent} from "../../components/training/protocol.js";
import {example} from "../../data/scenes/index.js";
import {type FakeWorker, fakeSearcher, fakeWorker, memoryStore} from "./port.js";

const spec: RunSpec = {model: "dvae", size: "xs", seed: 7};
const opened: EngineClient[] = [];

afterEach(() => {
  for (const client of opened.splice(0)) client.close();
});

function connect(wanted: BackendName | undefined = "cpu") {
  const workers: FakeWorker[] = [];
  const store = memoryStore();
  const kept: BackendName[] = [];
  const client = new EngineClient({
    spawn(name) {
      const worker = name === "engine" ? fakeWorker(store) : fakeSearcher();
      if (name !== "engine") return worker;
      workers.push(worker);
      return worker;
    },
    choice: {wanted: () => wanted, keep: (name) => kept.push(name)},
    patience: {usual: 2000, busy: 4000}
  });
  opened.push(client);
  const notices: string[] = [];
  client.onNotice((sentence) => notices.push(sentence));
  return {client, workers, store, kept, notices};
}

const stepOf = (events: SessionEvent[]) => events.flatMap((e) => (e.type === "status" ? [e.status.step] : [])).at(-1);
const stateOf = (events: SessionEvent[]) => events.flatMap((e) => (e.type === "status" ? [e.status.state] : [])).at(-1);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The losses by step; a later report of a step replaces an earlier one. */
function curve(events: SessionEvent[]): Map<number, number> {
  return new Map(events.flatMap((e) => (e.type === "metrics" ? [[e.step, e.values.loss!] as const] : [])));
}

async function trained(steps: number): Promise<Map<number, number>> {
  const {client} = connect();
  const events: SessionEvent[] = [];
  const id = await client.openSession(spec, (event) => events.push(event));
  await client.train(id, steps);
  await until(() => stateOf(events) === "paused");
  return curve(events);
}

describe("EngineClient", () => {
  test("starts one worker, when it is first needed", async () => {
    const {client, workers} = connect();
    expect(workers.length).toBe(0);
    expect((await client.start()).backend).toBe("cpu");
    await client.openSession(spec, () => {});
    expect(workers.length).toBe(1);
  });

  test("trains, pauses, steps, probes, saves and loads", async () => {
    const {client} = connect();
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.train(id, 10);
    await until(() => stateOf(events) === "paused");
    expect(stepOf(events)).toBe(10);
    const file = await client.save(id);
    const probe = await client.probe(id, "line");
    await client.step(id);
    expect(stepOf(events)).toBe(11);
    await client.load(id, file);
    expect(await client.probe(id, "line")).toEqual(probe);
    const {metadata, state} = readCheckpoint(file);
    await client.load(id, writeCheckpoint({metadata: {...metadata, dataVersion: "line-0"}, state}));
    const messages = events.flatMap((event) => (event.type === "status" ? [event.status.message] : []));
    expect(messages.at(-1)).toContain("trained on version line-0");
    await expect(client.load(id, new ArrayBuffer(3))).rejects.toBeInstanceOf(CheckpointError);
    await expect(client.pause(99)).rejects.toBeInstanceOf(EngineError);
    await client.closeSession(id);
  });

  test("leaves no tensor behind", async () => {
    const {client} = connect();
    await client.start();
    const {tensors} = await client.memory();
    const id = await client.openSession(spec, () => {});
    const open = (await client.memory()).tensors;
    await client.train(id, 30);
    await client.pause(id);
    await client.reset(id, 3);
    expect((await client.memory()).tensors).toBe(open);
    await client.closeSession(id);
    expect((await client.memory()).tensors).toBe(tensors);
  });

  test("two sessions train in turn, and a sample meanwhile comes through", async () => {
    const {client} = connect();
    const first: SessionEvent[] = [];
    const second: SessionEvent[] = [];
    const a = await client.openSession(spec, (event) => first.push(event));
    const b = await client.openSession({...spec, seed: 8}, (event) => second.push(event));
    await client.train(a, 100_000);
    await client.train(b, 100_000);
    await until(() => (stepOf(second) ?? 0) >= 50);
    const [one, two] = [stepOf(first)!, stepOf(second)!];
    expect(Math.abs(one - two)).toBeLessThanOrEqual(10);
    const shipped = {from: "shipped"} as const;
    await expect(client.openPipeline("xs", shipped, shipped)).rejects.toThrow("has not been provided");
    const live = {from: "session", id: a} as const;
    const pipeline = await client.openPipeline("xs", live, live);
    const before = stepOf(first)!;
    const positions: number[] = [];
    await pipeline.sample({seed: 64} as SampleRequest, ({position}) => positions.push(position));
    expect(positions.length).toBe(64);
    expect(stepOf(first)! - before).toBeLessThanOrEqual(20); // training gave way
    await client.pause(a);
    await client.pause(b);
  });
});

describe("a lost worker", () => {
  test.each(["crash", "kill"] as const)("(%s) is replaced and its run goes on along the same curve", async (how) => {
    const expected = await trained(60);
    const {client, workers, notices} = connect();
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.train(id, 30);
    await until(() => stateOf(events) === "paused");
    await client.train(id, 60);
    workers[0]![how]();
    await until(() => workers.length === 2 && stateOf(events) === "paused" && stepOf(events) === 60);
    expect(workers[0]!.terminated).toBe(true);
    expect(notices.join()).toContain("A fresh worker goes on from the last checkpoint.");
    expect(curve(events)).toEqual(expected);
  });

  test("keeps its hyper-parameters, seed and probes", async () => {
    const {client, workers} = connect();
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.reset(id, 11);
    await client.setHyper(id, {learningRate: 0.01});
    await client.watch(id, [{name: "line", every: 2}]);
    workers[0]!.crash();
    await until(() => workers.length === 2);
    const before = events.length;
    await client.train(id, 4);
    await until(() => stateOf(events) === "paused" && stepOf(events) === 4);
    const since = events.slice(before);
    expect(since.some((e) => e.type === "metrics" && e.values.learningRate === 0.01)).toBe(true);
    expect(since.flatMap((e) => (e.type === "probe" ? [e.step] : []))).toEqual([2, 4]);
    const whole: SessionEvent[] = [];
    const other = await client.openSession({...spec, seed: 11}, (event) => whole.push(event));
    await client.setHyper(other, {learningRate: 0.01});
    await client.train(other, 4);
    await until(() => stateOf(whole) === "paused");
    expect(await client.probe(other, "line")).toEqual(await client.probe(id, "line"));
  });

  test("does not lose a call under way: it is asked again", async () => {
    const {client, workers} = connect();
    const id = await client.openSession(spec, () => {});
    const before = await client.probe(id, "line");
    const live = {from: "session", id} as const;
    const pipeline = await client.openPipeline("xs", live, live);
    const sampling = pipeline.sample({seed: 40} as SampleRequest, ({position}) => {
      if (position === 20 && workers.length === 1) workers[0]!.crash();
    });
    expect((await sampling).tokens.shape).toEqual([40]);
    expect(workers.length).toBe(2);
    expect(await client.probe(id, "line")).toEqual(before);
  });

  test("is given up for WASM when it is lost again and again", async () => {
    const {client, workers, notices} = connect();
    await client.openSession(spec, () => {});
    for (let n = 1; n <= 3; ++n) {
      workers.at(-1)!.crash();
      await until(() => workers.length === n + 1);
      await client.memory();
    }
    expect((await client.start()).backend).toBe("wasm");
    expect(notices.at(-1)).toContain("WASM takes over");
  });
});

test("nearest(size, images) is looked up beside the engine, which need not run", async () => {
  const {client, workers} = connect();
  const images = {shape: [2, 16, 16, 3], data: new Uint8Array(2 * 768).fill(255, 768)};
  const found = await client.nearest("xs", images);
  expect(workers.length).toBe(0);
  // The fake knows two images: a black one at place 3 and a grey one (204) at place 5.
  expect(found.distances.map((d) => d.toFixed(6))).toEqual(["0.000000", "0.040000"]);
  expect(found.captions).toEqual([3, 5].map((index) => example("xs", "train", index).caption));
  expect([found.images.data[0], found.images.data[768]]).toEqual([0, 204]);
  await expect(client.nearest("xs", {...images, shape: [2, 16, 16]})).rejects.toThrow("expected uint8 [n, H, W, 3]");
});

describe("the backend", () => {
  test("chosen by name restarts in a fresh worker, keeps sessions and their training, and is remembered", async () => {
    const {client, workers, kept} = connect();
    const reports: string[] = [];
    client.onBackend(({backend}) => reports.push(backend));
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.train(id, 20);
    await until(() => stateOf(events) === "paused");
    const file = await client.save(id);
    await client.train(id, 100_000);
    expect((await client.chooseBackend("wasm")).backend).toBe("wasm");
    expect(workers.map(({terminated}) => terminated)).toEqual([true, false]);
    const at = stepOf(events)!;
    expect(at).toBeGreaterThanOrEqual(20);
    await until(() => stepOf(events)! > at + 5); // trains on
    await client.load(id, file);
    expect(kept).toEqual(["wasm"]);
    expect(reports).toEqual(["cpu", "wasm"]);
    await client.pause(id);
  });

  test("that does not start leaves the one before at work", async () => {
    const {client, workers} = connect();
    const id = await client.openSession(spec, () => {});
    await expect(client.chooseBackend("webgpu")).rejects.toThrow("WebGPU");
    expect(workers.map(({terminated}) => terminated)).toEqual([false, true]);
    await client.step(id);
  });

  test("asked for but missing is replaced by another, with a sentence", async () => {
    const {client, notices} = connect("webgl");
    expect((await client.start()).backend).toBe("wasm");
    expect(notices.join()).toMatch(/so another backend was chosen/);
  });
});

describe("keep(id, name)", () => {
  test("stores on pause; a later session resumes from there", async () => {
    const {client, store} = connect();
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.keep(id, "my run");
    await client.train(id, 12);
    await until(() => stateOf(events) === "paused");
    await client.pause(id);
    expect(await store.list()).toMatchObject([{name: "my run", step: 12, seed: 7, model: "dvae", size: "xs"}]);
    const other = await client.openSession({...spec, seed: 1}, () => {});
    expect(await client.resume(other, "my run")).toBe(12);
    expect(await client.probe(other, "line")).toEqual(await client.probe(id, "line"));
    expect(await client.resume(other, "another run")).toBe(null);
    await client.deleteStoredRun("my run");
    expect(await client.storedRuns()).toEqual([]);
  });

  test("stores a run that ends by itself, without a pause", async () => {
    const {client, store} = connect();
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.keep(id, "my run");
    await client.train(id);
    await until(() => stateOf(events) === "finished");
    await until(() => events.some((event) => event.type === "storage"));
    expect(await store.list()).toMatchObject([{name: "my run", step: stepOf(events)}]);
  });

  test("tells when the storage is full, and training goes on", async () => {
    const {client, store} = connect();
    store.fault = new Error("The browser's storage for this site is full.");
    const events: SessionEvent[] = [];
    const id = await client.openSession(spec, (event) => events.push(event));
    await client.keep(id, "my run");
    await client.train(id, 5);
    await until(() => stateOf(events) === "paused");
    await client.pause(id);
    expect(events).toContainEqual({type: "storage", savedStep: null, message: store.fault.message});
    await client.train(id, 10);
    await until(() => stepOf(events) === 10);
  });
});
