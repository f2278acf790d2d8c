// What useBackend says and does when our own kernels are wrong on a device.

import {getKernel, registerKernel, unregisterKernel} from "@tensorflow/tfjs-core";
import {afterEach, expect, test, vi} from "vitest";
import {fastOps} from "../../components/tensor/fast.js";
import * as t from "../../components/tensor/index.js";
import {wasmFastOps} from "../../components/tensor/wasm/fused.js";
import {unregisterWasmKernels} from "../../components/tensor/wasm/index.js";

afterEach(async () => {
  vi.restoreAllMocks();
  await t.useBackend("wasm");
});

test("a fused op that is wrong here is left out, and the report says so", async () => {
  vi.spyOn(wasmFastOps.gelu, "backward").mockImplementation((dy) => [dy]);
  const {description} = await t.useBackend("wasm");
  expect(description).toBe("WASM SIMD, one thread, slower than it might be (wrong here and left out: gelu)");
  expect(fastOps().gelu).toBeUndefined();
  expect(fastOps().layerNorm).toBe(wasmFastOps.layerNorm);
});

test("kernels that are wrong here give way to tfjs's own, and the report says so", async () => {
  await t.useBackend("wasm");
  const own = getKernel("MaxPool", "wasm")!;
  unregisterKernel("MaxPool", "wasm");
  registerKernel({...own, kernelFunc: (args) => getKernel("Identity", "wasm")!.kernelFunc(args)});
  const {description} = await t.useBackend("wasm");
  expect(description).toMatch(/left out: all of our own\)$/);
  expect(fastOps()).toEqual({});
  unregisterWasmKernels();
});
