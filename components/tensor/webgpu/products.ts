// Matrix products and convolutions with a bias: tfjs's fused kernels forward, our sums over rows and pixels backward.

import {engine, matMul, type NamedAttrMap, type Tensor} from "@tensorflow/tfjs-core";
import type {DifferentiableOp} from "../fast.js";
import {columnSum} from "./columnSum.js";
import {filterGradient} from "./filterGradient.js";

const kernel = (name: string, inputs: Record<string, Tensor>, attributes: NamedAttrMap): Tensor =>
  engine().runKernel(name, inputs, attributes) as Tensor;

/** y = x·w + b; dx = dy·wᵀ, dw = xᵀ·dy, db = Σ dy over the rows. */
export const linear: DifferentiableOp<null> = {
  forward([x, weight, bias]) {
    const attributes = {transposeA: false, transposeB: false, activation: "linear"};
    return {output: kernel("_FusedMatMul", {a: x!, b: weight!, bias: bias!}, attributes), saved: [x!, weight!]};
  },
  backward(dy, [x, weight]) {
    return [
      () => matMul(dy, weight!, false, true),
      () => matMul(x!, dy, true, false),
      () => columnSum(dy, [weight!.shape[1]!])
    ];
  }
};

/** The same for a convolution. */
export const conv2d: DifferentiableOp<null> = {
  forward([x, filter, bias]) {
    const attributes = {strides: 1, pad: "same", dataFormat: "NHWC", dilations: [1, 1], activation: "linear"};
    return {
      output: kernel("FusedConv2D", {x: x!, filter: filter!, bias: bias!}, attributes),
      saved: [x!, filter!]
    };
  },
  backward(dy, [x, filter]) {
    const attributes = {strides: 1, pad: "same", dataFormat: "NHWC", inputShape: x!.shape};
    return [
      () => kernel("Conv2DBackpropInput", {dy, filter: filter!}, attributes),
      () => filterGradient(x!, dy, filter!.shape[0]!),
      () => columnSum(dy, [filter!.shape[3]!])
    ];
  }
};
