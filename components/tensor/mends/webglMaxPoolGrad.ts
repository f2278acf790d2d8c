// WebGL's MaxPoolGrad gives the gradient to the last of equal maxima; the rule here is the first, row by row, as on cpu
// and in PyTorch. Equal maxima are
// common (zeros after a ReLU, flat colours), so this changed what a run learns. One program does it, too, where tfjs
// runs two. Windows that overlap or do not fill the image keep tfjs's kernel: no model has them.

import type {GPGPUProgram, MathBackendWebGL} from "@tensorflow/tfjs-backend-webgl";
import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "./kernels.js";
import {tiledPool} from "./tiledPool.js";

export function mendWebglMaxPoolGrad(): void {
  const stock = tf.getKernel("MaxPoolGrad", "webgl");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc(args: KernelArguments): TensorInfo {
      const pool = tiledPool(args);
      if (!pool) return stock.kernelFunc(args) as TensorInfo;
      const {x, dy, height, width} = pool;
      return (args.backend as MathBackendWebGL).runWebGLProgram(program(x.shape, height, width), [dy, x], "float32");
    }
  });
}

function program(shape: number[], height: number, width: number): GPGPUProgram {
  return {
    variableNames: ["dy", "x"],
    outputShape: shape,
    userCode: `
      void main() {
        ivec4 coords = getOutputCoords();
        int row = coords.y / ${height};
        int column = coords.z / ${width};
        int first = 0;
        float largest = getX(coords.x, row * ${height}, column * ${width}, coords.w);
        for (int i = 1; i < ${height * width}; i++) {
          float value = getX(coords.x, row * ${height} + i / ${width}, column * ${width} + imod(i, ${width}), coords.w);
          if (value > largest) {
            largest = value;
            first = i;
          }
        }
        int place = imod(coords.y, ${height}) * ${width} + imod(coords.z, ${width});
        setOutput(place == first ? getDy(coords.x, row, column, coords.w) : 0.0);
      }`
  };
}
