import {beforeAll, describe, expect, test} from "vitest";
import * as t from "../../components/tensor/index.js";
import {unregisterWasmKernels} from "../../components/tensor/wasm/index.js";
import stored from "../reference/tensor.json" with {type: "json"};

const {params, steps, moments} = stored.adamW;
type Name = keyof typeof params;
const names = Object.keys(params) as Name[];

const options: t.AdamWOptions = {
  beta1: 0.9,
  beta2: 0.96,
  epsilon: 1e-8,
  weightDecay: 0.045,
  decays: (name) => name !== "bias",
  clipNorm: 4,
  emaDecay: 0.9
};

function initial(): Record<string, t.NamedArray> {
  return Object.fromEntries(
    names.map((name) => [name, {shape: params[name].shape, data: Float32Array.from(params[name].values)}])
  );
}

function gradients(step: number): Record<string, t.Tensor> {
  return Object.fromEntries(
    names.map((name) => [name, t.tensor(steps[step]!.gradients[name], params[name].shape as [number])])
  );
}

async function advance(optimiser: t.AdamW, from: number, to: number): Promise<number[]> {
  const norms: number[] = [];
  for (let i = from; i < to; ++i) {
    const grads = gradients(i);
    const {gradNorm} = optimiser.step(grads, steps[i]!.learningRate);
    norms.push(await t.readScalar(gradNorm));
    t.dispose([grads, gradNorm]);
  }
  return norms;
}

function near(got: ArrayLike<number>, expected: readonly number[], tolerance = 2e-6): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs(got[i]! - x), `[${i}]: expected ${x}, got ${got[i]}`).toBeLessThanOrEqual(tolerance);
  });
}

describe.each([
  ["cpu", true],
  ["wasm", true],
  ["wasm", false]
] as const)("AdamW on %s, own kernels %s", (backend, own) => {
  beforeAll(async () => {
    await t.useBackend(backend);
    if (!own) {
      unregisterWasmKernels();
      t.setFastOps({});
    }
  });

  test("step() follows PyTorch's AdamW with clipping, and the moving average", async () => {
    const optimiser = new t.AdamW(initial(), options);
    for (let i = 0; i < steps.length; ++i) {
      const [norm] = await advance(optimiser, i, i + 1);
      expect(Math.abs(norm! / steps[i]!.norm - 1)).toBeLessThan(1e-6);
      for (const name of names) {
        near(await t.read(optimiser.params()[name]!), steps[i]!.params[name]);
        near(await t.read(optimiser.emaParams()[name]!), steps[i]!.ema[name]);
        expect(optimiser.params()[name]!.shape).toEqual(params[name].shape);
      }
    }
    const state = await optimiser.state();
    expect(state.step).toBe(steps.length);
    for (const name of names) {
      near(state.m[name]!.data, moments[name].m);
      near(state.v[name]!.data, moments[name].v);
    }
    optimiser.dispose();
  });

  test("restore(state()) goes on as if never stopped", async () => {
    const whole = new t.AdamW(initial(), options);
    await advance(whole, 0, 5);
    const first = new t.AdamW(initial(), options);
    await advance(first, 0, 3);
    const second = new t.AdamW(initial(), options);
    second.restore(await first.state());
    expect(second.steps).toBe(3);
    await advance(second, 3, 5);
    expect(await second.state()).toEqual(await whole.state());
    for (const optimiser of [whole, first, second]) optimiser.dispose();
  });

  test("restore(state) changes nothing if the state does not fit", async () => {
    const optimiser = new t.AdamW(initial(), options);
    const before = await optimiser.state();
    const {bias: _, ...incomplete} = before.m;
    expect(() => optimiser.restore({...before, step: 9, m: incomplete})).toThrow("expected bias, got none");
    const wide = {...before.v, bias: {shape: [5], data: new Float32Array(5)}};
    expect(() => optimiser.restore({...before, step: 9, v: wide})).toThrow("expected bias [4], got [5]");
    expect(await optimiser.state()).toEqual(before);
    optimiser.dispose();
  });

  test("step(gradients) names a gradient that is missing or misshapen", async () => {
    const optimiser = new t.AdamW(initial(), options);
    const weight = t.zeros([3, 4]);
    expect(() => optimiser.step({weight}, 0.1)).toThrow("expected a gradient [4] for bias, got none");
    expect(() => optimiser.step({weight, bias: weight}, 0.1)).toThrow("for bias, got [3,4]");
    expect(optimiser.steps).toBe(0);
    weight.dispose();
    optimiser.dispose();
  });

  test("a moving average may be absent, and clipping too", async () => {
    const optimiser = new t.AdamW(initial(), {...options, emaDecay: 0, clipNorm: 0, weightDecay: 0});
    await advance(optimiser, 0, 2);
    expect((await optimiser.state()).ema).toBeNull();
    expect(optimiser.emaParams()).toBe(optimiser.params());
    optimiser.dispose();
  });

  test("dispose() leaves no tensor", async () => {
    const before = t.memory();
    const optimiser = new t.AdamW(initial(), options);
    t.tidy(() => {
      optimiser.params();
      optimiser.emaParams();
    });
    await advance(optimiser, 0, 2);
    expect((await t.read(optimiser.params().bias!)).length).toBe(4);
    optimiser.dispose();
    expect(t.memory().numTensors).toBe(before.numTensors);
    expect(t.memory().numBytes).toBe(before.numBytes);
  });
});
