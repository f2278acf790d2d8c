// The op suite's entry in the browser; test/tensor/browser.test.ts calls it.

import wasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import {type BackendName, currentBackend, setWasmBinary, useBackend} from "../../../components/tensor/index.js";
import {cases} from "./index.js";
import {runCase} from "./run.js";

setWasmBinary(wasm);

/** Starts the backend and says which one runs. */
async function start(backend: BackendName): Promise<{backend: string; description: string}> {
  const {description} = await useBackend(backend);
  // Both GPU backends compute small things on the processor; here the GPU is to be tested.
  for (const flag of ["WEBGPU_CPU_FORWARD", "WEBGL_CPU_FORWARD"]) {
    if (flag in tf.env().getFlags()) tf.env().set(flag, false);
  }
  return {backend: currentBackend(), description};
}

/** What is wrong with each case, by name. */
async function runCases(): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  for (const op of cases) faults[op.name] = await runCase(op);
  return faults;
}

export interface Suite {
  start: typeof start;
  runCases: typeof runCases;
}

(globalThis as unknown as {suite: Suite}).suite = {start, runCases};
