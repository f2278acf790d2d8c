// The kernels in WGSL.

import type {WebGPUBackend} from "@tensorflow/tfjs-backend-webgpu";
import type {KernelConfig, TensorInfo} from "@tensorflow/tfjs-core";
import {flatProgram} from "../mends/webgpuProgram.js";
import type {RoundingAttributes} from "./index.js";
import {bodies} from "./shader.js";

const bits = {toBits: "bitcast<u32>", toFloat: "bitcast<f32>", number: "f32"};

export function webgpuRounding(): KernelConfig[] {
  return Object.entries(bodies).map(([kernelName, body]) => ({
    kernelName,
    backendName: "webgpu",
    kernelFunc({inputs, attrs, backend}) {
      const x = inputs.x as TensorInfo;
      const attributes = attrs as unknown as RoundingAttributes;
      const key = `${kernelName} ${Object.values(attributes).join(" ")}`;
      const code = `
        var u = bitcast<u32>(A[index]);
        var a = u & 0x7fffffffu;
        var r = a;
        var shift = 0u;
        var k = 0u;
        ${body(attributes, bits)}
        setOutputAtIndex(index, bitcast<f32>(r | (u & 0x80000000u)));`;
      return (backend as WebGPUBackend).runWebGPUProgram(flatProgram(key, x.shape, code), [x], "float32");
    }
  }));
}
