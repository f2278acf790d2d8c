// The kernels as fragment shaders. They need WebGL 2, for a number's bits.

import type {GPGPUProgram, MathBackendWebGL} from "@tensorflow/tfjs-backend-webgl";
import type {KernelConfig, TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {RoundingAttributes} from "./index.js";
import {type Body, bodies} from "./shader.js";

const bits = {toBits: "floatBitsToUint", toFloat: "uintBitsToFloat", number: "float"};

export function webglRounding(): KernelConfig[] {
  return Object.entries(bodies).map(([kernelName, body]) => ({
    kernelName,
    backendName: "webgl",
    kernelFunc({inputs, attrs, backend}) {
      if (tf.env().getNumber("WEBGL_VERSION") < 2) {
        throw new Error("Rounding to a format needs WebGL 2; this device has WebGL 1.");
      }
      const x = inputs.x as TensorInfo;
      const shader = program(x.shape, body, attrs as unknown as RoundingAttributes);
      return (backend as MathBackendWebGL).runWebGLProgram(shader, [x], "float32");
    }
  }));
}

function program(shape: number[], body: Body, attributes: RoundingAttributes): GPGPUProgram {
  return {
    variableNames: ["X"],
    outputShape: shape,
    userCode: `
      void main() {
        uint u = ${bits.toBits}(getXAtOutCoords());
        uint a = u & 0x7fffffffu;
        uint r = a;
        uint shift = 0u;
        uint k = 0u;
        ${body(attributes, bits)}
        setOutput(${bits.toFloat}(r | (u & 0x80000000u)));
      }`
  };
}
