// WASM has no Conv2DBackpropFilter (tfjs #8474). The gradient of the filter is itself a convolution: of x with its
// batch and channel axes exchanged, by dy as a filter, with stride and dilation exchanged.

import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, release, replaceKernel, runKernel} from "./kernels.js";

export function mendWasmConv2DBackpropFilter(): void {
  replaceKernel({kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc: backpropFilter});
}

function backpropFilter({inputs, backend, attrs}: KernelArguments): TensorInfo {
  const x = inputs.x!;
  const dy = inputs.dy!;
  const {strides, pad, filterShape} = attrs as {
    strides: number | [number, number];
    pad: "same" | "valid" | number;
    filterShape: [number, number, number, number];
  };
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad
  );
  const {top, bottom, left, right} = info.padInfo;
  const [k1, k2] = filterShape;
  const run = (name: string, from: Record<string, TensorInfo>, attributes: Record<string, unknown>): TensorInfo =>
    runKernel("wasm", name, from, backend, attributes);

  const images = run("Transpose", {x}, {perm: [3, 1, 2, 0]}); // (in, h, w, n)
  const kernel = run("Transpose", {x: dy}, {perm: [1, 2, 0, 3]}); // (oh, ow, n, out)
  const wide = run(
    "Conv2D",
    {x: images, filter: kernel},
    {
      strides: 1,
      dilations: [info.strideHeight, info.strideWidth],
      pad: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0]
      ],
      dataFormat: "NHWC"
    }
  ); // (in, ≥ k, ≥ k, out): longer than k where the stride leaves pixels over
  const exact = run("Slice", {x: wide}, {begin: [0, 0, 0, 0], size: [x.shape[3]!, k1, k2, filterShape[3]]});
  const result = run("Transpose", {x: exact}, {perm: [1, 2, 0, 3]});
  release(backend, images, kernel, wide, exact);
  return result;
}
