// WASM has no UnsortedSegmentSum (tfjs #8082), the gradient of gather.

import type {TensorInfo} from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "./kernels.js";
import {floats, integers, makeOutput} from "./wasmHeap.js";

export function mendWasmUnsortedSegmentSum(): void {
  replaceKernel({kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc: segmentSum});
}

/** Rows of x [n, …] added up by segment: [numSegments, …]. Ids outside the range are dropped. */
function segmentSum({inputs, backend, attrs}: KernelArguments): TensorInfo {
  const x = inputs.x!;
  const {numSegments} = attrs as {numSegments: number};
  const out = makeOutput(backend, [numSegments, ...x.shape.slice(1)], "float32");
  const sums = floats(backend, out).fill(0);
  const values = floats(backend, x);
  const ids = integers(backend, inputs.segmentIds!);
  const width = ids.length === 0 ? 0 : values.length / ids.length;
  for (let row = 0; row < ids.length; ++row) {
    const id = ids[row]!;
    if (id < 0 || id >= numSegments) continue;
    for (let i = 0; i < width; ++i) sums[id * width + i]! += values[row * width + i]!;
  }
  return out;
}
