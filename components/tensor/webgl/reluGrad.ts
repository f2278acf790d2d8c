import {getKernel, registerKernel, type Tensor} from "@tensorflow/tfjs-core";
import {run, type Shader} from "./program.js";

/** dx = dy where y > 0, else 0. */
const gradient: Shader = {
  inputs: ["dy", "y"],
  source: `
    vec4 block(int m, int r, int c) { return dyBlock(m, r, c) * vec4(greaterThan(yBlock(m, r, c), vec4(0.0))); }`
};

/** The kernel that gradients/elementwise.ts asks for; without it a ReLU's gradient takes five draws. */
export function registerReluGrad(): void {
  if (getKernel("ReluGrad", "webgl")) return;
  registerKernel({
    kernelName: "ReluGrad",
    backendName: "webgl",
    kernelFunc: ({inputs}) => run(gradient, [inputs.dy as Tensor, inputs.y as Tensor], inputs.y!.shape)
  });
}
