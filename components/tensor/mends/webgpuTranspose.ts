// WebGPU's Transpose writes integers through a function that takes floats, which new browsers refuse (tfjs #8638): only
// an uncapturederror fires, and the result is wrong. Reductions of integers over outer axes transpose first, by the
// same code, and are mended by transposing here.

import type {WebGPUBackend} from "@tensorflow/tfjs-backend-webgpu";
import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, release, replaceKernel, runKernel} from "./kernels.js";
import {flatProgram} from "./webgpuProgram.js";

export function mendWebgpuTranspose(): void {
  const stock = tf.getKernel("Transpose", "webgpu");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc(args: KernelArguments): TensorInfo {
      const x = args.inputs.x!;
      if (x.dtype === "float32" || x.shape.length < 2) return stock.kernelFunc(args) as TensorInfo;
      return transposeIntegers(x, (args.attrs as {perm: number[]}).perm, args.backend as WebGPUBackend);
    }
  });
  for (const name of ["Sum", "Max", "Min", "Prod", "All", "Any", "ArgMax", "ArgMin"]) mendReduction(name);
}

function transposeIntegers(x: TensorInfo, perm: readonly number[], backend: WebGPUBackend): TensorInfo {
  const rank = x.shape.length;
  if (rank > 6) throw new Error(`transpose: expected rank 6 at most, got [${x.shape}]`);
  const outputShape = perm.map((axis) => x.shape[axis]!);
  const names = ["x", "y", "z", "w", "u", "v"];
  const source = x.shape.map((_, axis) => `coords.${names[perm.indexOf(axis)]}`).join(", ");
  const type = rank <= 4 ? `vec${rank}<i32>` : `vec${rank}`;
  const program = flatProgram(
    `transposeIntegers_${perm.join()}`,
    outputShape,
    `let coords = getCoordsFromIndex(index);
     setOutputAtIndexI32(index, A[getIndexFromCoords${rank}D(${type}(${source}), uniforms.aShape)]);`
  );
  return backend.runWebGPUProgram(program, [x], x.dtype);
}

function mendReduction(kernelName: string): void {
  const stock = tf.getKernel(kernelName, "webgpu");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc(args: KernelArguments): TensorInfo {
      const x = args.inputs.x!;
      const attrs = args.attrs as {axis?: number | number[]; reductionIndices?: number | number[]; keepDims?: boolean};
      const axes = tf.util.parseAxisParam(attrs.axis ?? attrs.reductionIndices ?? [], x.shape);
      const perm = tf.backend_util.getAxesPermutation(axes, x.shape.length);
      if (x.dtype === "float32" || !perm) return stock.kernelFunc(args) as TensorInfo;
      const {backend} = args;
      const inner = tf.backend_util.getInnerMostAxes(axes.length, x.shape.length);
      const turned = runKernel("webgpu", "Transpose", {x}, backend, {perm});
      const innerAttrs = {...attrs, axis: inner, reductionIndices: inner, keepDims: false} as tf.NamedAttrMap;
      const out = stock.kernelFunc({inputs: {x: turned}, backend, attrs: innerAttrs}) as TensorInfo;
      release(backend, turned);
      return attrs.keepDims ? {...out, shape: tf.backend_util.expandShapeToKeepDim(out.shape, axes)} : out;
    }
  });
}
