// Kernels that tfjs lacks or gets wrong, one a file. Each file says why; test/tensor/mends.test.ts fails without it.

import {mendWasmConv2DBackpropFilter} from "./wasmConv2DBackpropFilter.js";
import {mendWasmMatMul} from "./wasmMatMul.js";
import {mendWasmMaxPoolGrad} from "./wasmMaxPoolGrad.js";
import {mendWasmUnsortedSegmentSum} from "./wasmUnsortedSegmentSum.js";

let mended = false;

/** Registers them all, once. */
export function registerMends(): void {
  if (mended) return;
  mended = true;
  mendWasmMatMul();
  mendWasmConv2DBackpropFilter();
  mendWasmUnsortedSegmentSum();
  mendWasmMaxPoolGrad();
}
