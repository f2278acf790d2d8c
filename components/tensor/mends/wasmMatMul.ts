// WASM BatchMatMul with transposed operands: right, but about four times slower than transposing them first.

import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, release, replaceKernel, runKernel} from "./kernels.js";

export function mendWasmMatMul(): void {
  const stock = tf.getKernel("BatchMatMul", "wasm");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc({inputs, backend, attrs}: KernelArguments): TensorInfo {
      const {transposeA, transposeB} = attrs as {transposeA: boolean; transposeB: boolean};
      const a = transposeA ? transposed(inputs.a!, backend) : inputs.a!;
      const b = transposeB ? transposed(inputs.b!, backend) : inputs.b!;
      const out = stock.kernelFunc({inputs: {a, b}, backend, attrs: {transposeA: false, transposeB: false}});
      if (transposeA) release(backend, a);
      if (transposeB) release(backend, b);
      return out as TensorInfo;
    }
  });
}

function transposed(x: TensorInfo, backend: object): TensorInfo {
  const rank = x.shape.length;
  const perm = Array.from({length: rank}, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return runKernel("wasm", "Transpose", {x}, backend, {perm});
}
