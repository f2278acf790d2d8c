// WASM's MaxPoolGrad looks for the maximum from the smallest positive float on, so a window whose maximum is 0 or less
// loses its gradient. Here, as on the other backends: the whole gradient goes to the first maximum of the window, row
// by row.

import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "./kernels.js";
import {floats, makeOutput} from "./wasmHeap.js";

export function mendWasmMaxPoolGrad(): void {
  replaceKernel({kernelName: "MaxPoolGrad", backendName: "wasm", kernelFunc: maxPoolGrad});
}

function maxPoolGrad({inputs, backend, attrs}: KernelArguments): TensorInfo {
  const input = inputs.input!;
  const {filterSize, strides, pad, dimRoundingMode} = attrs as {
    filterSize: [number, number];
    strides: [number, number];
    pad: "same" | "valid" | number;
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  const info = tf.backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode
  );
  const out = makeOutput(backend, input.shape, "float32");
  const dx = floats(backend, out).fill(0);
  const x = floats(backend, input);
  const dy = floats(backend, inputs.dy!);
  const {inHeight, inWidth, inChannels: channels, outHeight, outWidth} = info;
  let at = 0;
  for (let n = 0; n < info.batchSize; ++n) {
    for (let row = 0; row < outHeight; ++row) {
      const top = row * info.strideHeight - info.padInfo.top;
      const firstRow = Math.max(top, 0);
      const lastRow = Math.min(top + info.filterHeight, inHeight);
      for (let column = 0; column < outWidth; ++column) {
        const left = column * info.strideWidth - info.padInfo.left;
        const firstColumn = Math.max(left, 0);
        const lastColumn = Math.min(left + info.filterWidth, inWidth);
        for (let c = 0; c < channels; ++c) {
          let best = ((n * inHeight + firstRow) * inWidth + firstColumn) * channels + c;
          let largest = x[best]!;
          for (let i = firstRow; i < lastRow; ++i) {
            let index = ((n * inHeight + i) * inWidth + firstColumn) * channels + c;
            for (let j = firstColumn; j < lastColumn; ++j, index += channels) {
              if (x[index]! > largest) {
                largest = x[index]!;
                best = index;
              }
            }
          }
          dx[best]! += dy[at++]!;
        }
      }
    }
  }
  return out;
}
