// WebGPU's Cast from int32 or bool to float32 only relabels the tensor: the buffer still holds integers. What
// transposes such a tensor (a sum over outer axes, say) then fails as in tfjs #8638. Here it is converted.

import type {WebGPUBackend} from "@tensorflow/tfjs-backend-webgpu";
import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "./kernels.js";
import {flatProgram} from "./webgpuProgram.js";

export function mendWebgpuCast(): void {
  const stock = tf.getKernel("Cast", "webgpu");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc(args: KernelArguments): TensorInfo {
      const x = args.inputs.x!;
      const {dtype} = args.attrs as {dtype: string};
      if (dtype !== "float32" || (x.dtype !== "int32" && x.dtype !== "bool")) {
        return stock.kernelFunc(args) as TensorInfo;
      }
      const program = flatProgram("castToFloat", x.shape, "setOutputAtIndex(index, f32(A[index]));");
      return (args.backend as WebGPUBackend).runWebGPUProgram(program, [x], "float32");
    }
  });
}
