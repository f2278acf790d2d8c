// tfjs's Slice and Concat on WebGPU as copies from buffer to buffer, where AdamW asks for dozens in a row: a program
// each for the slices, and for a concatenation one for every seven inputs, then again for what those give.

import {getKernel, type TensorInfo, util} from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "../mends/kernels.js";
import {copy} from "./shader.js";

interface Backend {
  readonly device: GPUDevice;
  makeTensorInfo(shape: number[], dtype: string): TensorInfo;
  shouldExecuteOnCPU(inputs: TensorInfo[]): boolean;
}

/** Puts f before tfjs's kernel, which takes what f does not. */
function before(name: string, f: (args: KernelArguments, backend: Backend) => TensorInfo | null): void {
  const stock = getKernel(name, "webgpu");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc: (args: KernelArguments): TensorInfo =>
      f(args, args.backend as unknown as Backend) ?? (stock.kernelFunc(args) as TensorInfo)
  });
}

export function replaceSlice(): void {
  before("Slice", ({inputs, attrs}, backend) => {
    const x = inputs.x!;
    const {begin, size} = attrs as {begin: number | number[]; size: number | number[]};
    const [from, length] = [[begin].flat()[0]!, [size].flat()[0]!];
    if (x.shape.length !== 1 || x.dtype === "string" || length <= 0 || backend.shouldExecuteOnCPU([x])) return null;
    const output = backend.makeTensorInfo([length], x.dtype);
    copy(x, from, output, 0, length);
    return output;
  });
}

export function replaceConcat(): void {
  before("Concat", (args, backend) => {
    const inputs = Object.values(args.inputs) as TensorInfo[];
    const {dtype, shape} = inputs[0]!;
    const few = inputs.length < backend.device.limits.maxStorageBuffersPerShaderStage;
    if (few || shape.length !== 1 || dtype !== "float32" || backend.shouldExecuteOnCPU(inputs)) return null;
    const sizes = inputs.map((input) => util.sizeFromShape(input.shape));
    const output = backend.makeTensorInfo([sizes.reduce((a, b) => a + b, 0)], dtype);
    let target = 0;
    inputs.forEach((input, i) => {
      if (sizes[i]) copy(input, 0, output, target, sizes[i]);
      target += sizes[i]!;
    });
    return output;
  });
}
