// The prior's views for figures, on the engine with the shipped dVAE, at XS, on WASM.

import {readFileSync} from "node:fs";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {Engine} from "../../components/training/engine.js";
import type {SessionId} from "../../components/training/protocol.js";
import {models} from "../../components/training/registry.js";
import {encodeText} from "../../components/training/text.js";
import {memoryStore} from "./port.js";

const engine = new Engine(models, memoryStore());
const caption = "a red heart, top left";
const tokens = Array.from({length: 16}, (_, i) => (7 * i) % 64);
const T = 16;
const L = 32;
let shipped: SessionId;
let columns: SessionId;

function bytesOf(model: string): ArrayBuffer {
  const file = readFileSync(`data/checkpoints/xs-${model}.safetensors`);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

beforeAll(async () => {
  await engine.start("wasm");
  await engine.provideShipped("xs", "dvae", bytesOf("dvae"));
  await engine.provideShipped("xs", "prior", bytesOf("prior"));
  const spec = {model: "prior", size: "xs", seed: 1, dvae: {from: "shipped"}} as const;
  shipped = await engine.openSession({...spec, start: "shipped"}, () => {});
  columns = await engine.openSession({...spec, config: {updates: 500, masks: "column,row"}}, () => {});
}, 120_000);
afterAll(async () => {
  await engine.closeSession(shipped);
  await engine.closeSession(columns);
});

const asked = {caption, tokens: tokens.join()};

describe("attention", () => {
  test("every layer, head and state: one in sum, nought where the mask hides", async () => {
    const {weights} = await engine.probe(columns, "attention", asked);
    expect(weights!.shape).toEqual([4, 4, L, L]);
    for (let row = 0; row < 16 * L; ++row) {
      const values = weights!.data.subarray(row * L, (row + 1) * L) as Float32Array;
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
      const q = row % L;
      for (let k = q + 1; k < L; ++k) expect(values[k]).toBe(0);
      // Layers 1 and 3 are column layers.
      const columnLayer = Math.floor(row / (4 * L)) % 2 === 0;
      for (let k = 1 + T; columnLayer && k < q; ++k) if ((q - k) % 4 !== 0) expect(values[k]).toBe(0);
    }
  });

  test("the shipped model reads the caption when it writes the first code", async () => {
    const {weights} = await engine.probe(shipped, "attention", asked);
    // The state of the last pad writes image token 1; it sees nothing but the start and the text.
    const onText = weights!.data.subarray(T * L, T * L + 1 + T) as Float32Array;
    expect(onText.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
  });
});

test("logits: what the sampler with its cache draws from", async () => {
  const pipeline = await engine.openPipeline("xs", {from: "shipped"}, {from: "session", id: shipped});
  const steps: Float32Array[] = [];
  const request = {caption, seed: 3, candidates: 1, temperature: 1, topK: 0, topP: 1, report: 64};
  const codes: Int32Array[] = [];
  const {tokens: drawn} = await pipeline.sample(request, ({topProbabilities, topCodes}) => {
    steps.push(Float32Array.from(topProbabilities));
    codes.push(Int32Array.from(topCodes));
  });
  const {image} = await engine.probe(shipped, "logits", {caption, tokens: Array.from(drawn.data).join()});
  expect(image!.shape).toEqual([16, 64]);
  for (let n = 0; n < 16; ++n) {
    const row = Array.from(image!.data.subarray(n * 64, (n + 1) * 64));
    const peak = Math.max(...row);
    const total = row.reduce((sum, l) => sum + Math.exp(l - peak), 0);
    for (const [rank, code] of codes[n]!.entries()) {
      expect(steps[n]![rank]).toBeCloseTo(Math.exp(row[code]! - peak) / total, 4);
    }
  }
  await pipeline.dispose();
});

test("positions: their mean is the held-back loss", async () => {
  const {image, text} = await engine.probe(shipped, "positions");
  expect(image!.shape).toEqual([4, 4]);
  const mean = Array.from(image!.data).reduce((a, b) => a + b, 0) / 16;
  const manifest = JSON.parse(readFileSync("data/checkpoints/xs-prior.json", "utf8")) as {
    curve: {heldImageLoss: number[]};
  };
  expect(mean).toBeCloseTo(manifest.curve.heldImageLoss.at(-1)!, 1);
  expect(text!.data.length).toBe(16);
});

test("embedding: one row a state, nought where there is no such part", async () => {
  const {token, place, column} = await engine.probe(shipped, "embedding", asked);
  expect(token!.shape).toEqual([L, 96]);
  expect(place!.data.subarray(0, 96).every((v) => v === 0)).toBe(true);
  expect(column!.data.subarray(0, (1 + T) * 96).every((v) => v === 0)).toBe(true);
  // Tokens in one column share its vector.
  const of = (state: number) => Array.from(column!.data.subarray(state * 96, (state + 1) * 96));
  expect(of(1 + T)).toEqual(of(1 + T + 4));
});

test("merges: those that the model's captions are cut with", async () => {
  const {pairs, counts, ranking} = await engine.probe(shipped, "merges");
  const n = counts!.data.length;
  expect(n).toBeGreaterThan(60);
  expect(ranking!.shape).toEqual([n, 6, 3]);
  const merges = Array.from({length: n}, (_, i) => [pairs!.data[2 * i]!, pairs!.data[2 * i + 1]!] as const);
  const pipeline = await engine.openPipeline("xs", {from: "shipped"}, {from: "session", id: shipped});
  expect(encodeText({merges}, caption)).toEqual((await pipeline.tokenize(caption)).ids);
  await pipeline.dispose();
});

test("a wrong number of tokens and a pattern that does not exist are named", async () => {
  await expect(engine.probe(shipped, "attention", {caption, tokens: "1,2"})).rejects.toThrow(
    "expected 16 image tokens"
  );
  const spec = {model: "prior", size: "xs", seed: 1, dvae: {from: "shipped"}, config: {masks: "spiral"}} as const;
  await expect(engine.openSession(spec, () => {})).rejects.toThrow('got "spiral"');
});
