// WebGPU's MaxPoolGrad gives the gradient to the last of equal maxima; see webglMaxPoolGrad.ts.

import type {WebGPUBackend} from "@tensorflow/tfjs-backend-webgpu";
import type {TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type KernelArguments, replaceKernel} from "./kernels.js";
import {tiledPool} from "./tiledPool.js";
import {flatProgram} from "./webgpuProgram.js";

export function mendWebgpuMaxPoolGrad(): void {
  const stock = tf.getKernel("MaxPoolGrad", "webgpu");
  if (!stock) return;
  replaceKernel({
    ...stock,
    kernelFunc(args: KernelArguments): TensorInfo {
      const pool = tiledPool(args);
      if (!pool) return stock.kernelFunc(args) as TensorInfo;
      const {x, dy, height, width} = pool;
      const program = {
        ...flatProgram(`maxPoolGrad_${height}_${width}`, x.shape, body(height, width)),
        variableNames: ["dy", "x"]
      };
      return (args.backend as WebGPUBackend).runWebGPUProgram(program, [dy, x], "float32");
    }
  });
}

function body(height: number, width: number): string {
  return `
    let coords = getCoordsFromIndex(index);
    let row = coords[1] / ${height};
    let column = coords[2] / ${width};
    var first = 0;
    var largest = getX(coords[0], row * ${height}, column * ${width}, coords[3]);
    for (var i = 1; i < ${height * width}; i++) {
      let value = getX(coords[0], row * ${height} + i / ${width}, column * ${width} + i % ${width}, coords[3]);
      if (value > largest) {
        largest = value;
        first = i;
      }
    }
    let place = (coords[1] % ${height}) * ${width} + coords[2] % ${width};
    setOutputAtIndex(index, select(0.0, getDy(coords[0], row, column, coords[3]), place == first));`;
}
