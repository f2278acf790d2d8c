// Matrix products and convolutions with a bias. On a GPU the products are tfjs's, whose workgroups share memory; a
// processor that plays a GPU has a hard time with workgroups that wait for each other, so there they are direct.

import {engine, matMul, type NamedAttrMap, type Tensor} from "@tensorflow/tfjs-core";
import type {DifferentiableOp} from "../fast.js";
import {columnSum} from "./columnSum.js";
import {convolutionInputGradient, directConvolution} from "./directConvolution.js";
import {directProduct} from "./directProduct.js";
import {filterGradient} from "./filterGradient.js";

let direct = false;

/** Whether products do without workgroup memory: two to three times as fast in software, not measured on a GPU. */
export function useDirectProducts(on: boolean): void {
  direct = on;
}

const multiply = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  direct ? directProduct(a, b, transposeA, transposeB) : matMul(a, b, transposeA, transposeB);

const kernel = (name: string, inputs: Record<string, Tensor>, attributes: NamedAttrMap): Tensor =>
  engine().runKernel(name, inputs, attributes) as Tensor;

/** y = x·w + b; dx = dy·wᵀ, dw = xᵀ·dy, db = Σ dy over the rows. */
export const linear: DifferentiableOp<null> = {
  forward([x, weight, bias]) {
    const attributes = {transposeA: false, transposeB: false, activation: "linear"};
    const output = direct
      ? directProduct(x!, weight!, false, false, bias!)
      : kernel("_FusedMatMul", {a: x!, b: weight!, bias: bias!}, attributes);
    return {output, saved: [x!, weight!]};
  },
  backward(dy, [x, weight]) {
    return [
      () => multiply(dy, weight!, false, true),
      () => multiply(x!, dy, true, false),
      () => columnSum(dy, [weight!.shape[1]!])
    ];
  }
};

/** The same for a convolution. */
export const conv2d: DifferentiableOp<null> = {
  forward([x, filter, bias]) {
    const attributes = {strides: 1, pad: "same", dataFormat: "NHWC", dilations: [1, 1], activation: "linear"};
    const output = direct
      ? directConvolution(x!, filter!, bias!)
      : kernel("FusedConv2D", {x: x!, filter: filter!, bias: bias!}, attributes);
    return {output, saved: [x!, filter!]};
  },
  backward(dy, [x, filter]) {
    return [
      () => convolutionInputGradient(dy, filter!),
      () => filterGradient(x!, dy, filter!.shape[0]!),
      () => columnSum(dy, [filter!.shape[3]!])
    ];
  }
};
