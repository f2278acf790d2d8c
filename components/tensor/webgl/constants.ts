// Sums, differences and products with a constant. tfjs makes a texture of the constant, with an upload and a draw of its own; here it
// is a uniform. Other operands go to tfjs's kernels.

import type {MathBackendWebGL} from "@tensorflow/tfjs-backend-webgl";
import {getKernel, registerKernel, type Tensor, unregisterKernel} from "@tensorflow/tfjs-core";
import {run, type Shader} from "./program.js";

const withConstant = (formula: string): Shader => ({
  inputs: ["x"],
  uniforms: ["float k"],
  source: `vec4 block(int m, int r, int c) { vec4 v = xBlock(m, r, c); return ${formula}; }`
});

/** By kernel: the constant second, and first. Not RealDiv: tfjs's sees to it that a / a is 1 where a GPU rounds otherwise. */
const formulas: Readonly<Record<string, readonly [string, string]>> = {
  Add: ["v + k", "k + v"],
  Sub: ["v - k", "k - v"],
  Multiply: ["v * k", "k * v"]
};

/** Replaces the kernels, once. */
export function registerConstantOps(): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, pair] of Object.entries(formulas)) {
    const stock = getKernel(kernelName, "webgl");
    if (!stock) continue;
    const [second, first] = pair.map(withConstant) as [Shader, Shader];
    unregisterKernel(kernelName, "webgl");
    registerKernel({
      ...stock,
      kernelFunc(args) {
        const [a, b] = [args.inputs.a as Tensor, args.inputs.b as Tensor];
        const backend = args.backend as MathBackendWebGL;
        if (onGpu(backend, a)) {
          const k = constant(backend, b);
          if (k !== null) return run(second, [a], a.shape, [k]);
        } else if (onGpu(backend, b)) {
          const k = constant(backend, a);
          if (k !== null) return run(first, [b], b.shape, [k]);
        }
        return stock.kernelFunc(args);
      }
    });
  }
}
let registered = false;

function onGpu(backend: MathBackendWebGL, {dtype, dataId}: Tensor): boolean {
  return dtype === "float32" && backend.texData.get(dataId).texture != null;
}

/** The number, if it is one that is not on the GPU. */
function constant(backend: MathBackendWebGL, {dtype, shape, dataId}: Tensor): number | null {
  const {texture, values} = backend.texData.get(dataId);
  if (dtype !== "float32" || shape.length > 0 || texture != null || !values) return null;
  return (values as Float32Array)[0] ?? null;
}
