// Kernels that tfjs lacks or gets wrong, one a file. Each file says why; a case of the op suite (test/tensor) fails
// without it.

import type {BackendName} from "../backendReport.js";
import {mendWasmConv2DBackpropFilter} from "./wasmConv2DBackpropFilter.js";
import {mendWasmGather} from "./wasmGather.js";
import {mendWasmMatMul} from "./wasmMatMul.js";
import {mendWasmMaxPoolGrad} from "./wasmMaxPoolGrad.js";
import {mendWasmUnsortedSegmentSum} from "./wasmUnsortedSegmentSum.js";
import {mendWebglMaxPoolGrad} from "./webglMaxPoolGrad.js";
import {mendWebgpuCast} from "./webgpuCast.js";
import {mendWebgpuMaxPoolGrad} from "./webgpuMaxPoolGrad.js";
import {mendWebgpuTranspose} from "./webgpuTranspose.js";

const mends: Record<BackendName, readonly (() => void)[]> = {
  wasm: [mendWasmMatMul, mendWasmConv2DBackpropFilter, mendWasmUnsortedSegmentSum, mendWasmMaxPoolGrad, mendWasmGather],
  webgpu: [mendWebgpuTranspose, mendWebgpuCast, mendWebgpuMaxPoolGrad],
  webgl: [mendWebglMaxPoolGrad],
  cpu: []
};
const mended = new Set<BackendName>();

/** Registers the mends of a backend, once. Its package must have been loaded. */
export function registerMends(backend: BackendName): void {
  if (mended.has(backend)) return;
  mended.add(backend);
  for (const mend of mends[backend]) mend();
}
