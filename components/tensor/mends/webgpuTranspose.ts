// WebGPU's Transpose writes integers through a function that takes floats, which new browsers refuse (tfjs #8638): only
// an uncapturederror fires, and the result is wrong. The program is the same but for that function.

import type {WebGPUBackend} from "@tensorflow/tfjs-backend-webgpu";
import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "./kernels.js";

type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

export function mendWebgpuTranspose(): void {
  const stock = tf.getKernel("Transpose", "webgpu");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc(args: KernelArguments): TensorInfo {
      const x = args.inputs.x!;
      if (x.dtype !== "int32" && x.dtype !== "bool") return stock.kernelFunc(args) as TensorInfo;
      const {perm} = args.attrs as {perm: number[]};
      if (x.shape.length === 1) return stock.kernelFunc(args) as TensorInfo;
      return (args.backend as WebGPUBackend).runWebGPUProgram(transposeProgram(x.shape, perm), [x], x.dtype);
    }
  });
}

const GROUP = 64;

function transposeProgram(shape: readonly number[], perm: readonly number[]): Program {
  const rank = shape.length;
  if (rank > 6) throw new Error(`transpose: expected rank 6 at most, got [${shape}]`);
  const outputShape = perm.map((axis) => shape[axis]!);
  const axes = ["x", "y", "z", "w", "u", "v"];
  const source = Array.from({length: rank}, (_, axis) => `coords.${axes[perm.indexOf(axis)]}`).join(", ");
  const coordinates = rank <= 4 ? `vec${rank}<i32>` : `vec${rank}`;
  const groups = Math.ceil(tf.util.sizeFromShape(outputShape) / GROUP);
  return {
    variableNames: ["A"],
    outputShape,
    workgroupSize: [GROUP, 1, 1],
    dispatchLayout: {x: outputShape.map((_, i) => i)},
    dispatch: spread(groups),
    size: true,
    shaderKey: `transposeIntegers_${perm.join()}`,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          setOutputAtIndexI32(index, A[getIndexFromCoords${rank}D(${coordinates}(${source}), uniforms.aShape)]);
        }
      }`
  } as Program;
}

/** No dispatch may have more than 65535 groups along an axis. */
function spread(groups: number): [number, number, number] {
  if (groups <= 65535) return [groups, 1, 1];
  const side = Math.ceil(Math.sqrt(groups));
  return [side, Math.ceil(groups / side), 1];
}
