// x·w + b, its gradients, and the matrix product behind them.

import type {Tensor} from "@tensorflow/tfjs-core";
import type {DifferentiableOp} from "../fast.js";
import {packed} from "./packed.js";
import {run, type Shader} from "./program.js";
import {columnSums, sliceSums} from "./sums.js";

/** y = a·b + bias, a or b transposed if asked for; matrix m of the output adds up slice m of the inner axis only. */
function product(transposeA: boolean, transposeB: boolean, bias: boolean): Shader {
  return {
    inputs: bias ? ["a", "b", "bias"] : ["a", "b"],
    uniforms: ["int inner", "int perSlice"],
    source: `
      vec4 block(int m, int r, int c) {
        vec4 sum = vec4(0.0);
        int end = min((m + 1) * perSlice, inner);
        for (int k = m * perSlice; k < end; k += 2) {
          vec4 p = ${transposeA ? "aBlock(0, k, r).xzyw" : "aBlock(0, r, k)"};
          vec4 q = ${transposeB ? "bBlock(0, c, k).xzyw" : "bBlock(0, k, c)"};
          sum += p.xxzz * q.xyxy + p.yyww * q.zwzw;
        }
        return ${bias ? "sum + vec2(bias(c), bias(c + 1)).xyxy" : "sum"};
      }`
  };
}
const forward = product(false, false, true);
const ofInput = product(false, true, false);
const ofWeight = product(true, false, false);

/** In slices of so many of the inner axis where it is long and the output small, as a fragment walks along it alone. */
const SLICE = 512;
const FEW = 4096;

/** aᵀ·b, a [n, i], b [n, o] → [i, o]. */
function transposedProduct(a: Tensor, b: Tensor): Tensor {
  const [n, i] = a.shape as [number, number];
  const o = b.shape[1]!;
  if (n < 2 * SLICE || (i * o) / 4 > FEW) return run(ofWeight, [a, b], [i, o], [n, n + (n % 2)]);
  const partial = run(ofWeight, [a, b], [Math.ceil(n / SLICE), i, o], [n, SLICE]);
  const sum = sliceSums(partial, [i, o]);
  partial.dispose();
  return sum;
}

export const linear: DifferentiableOp<null> = {
  forward([x, weight, bias]) {
    const [n, inputs] = x!.shape as [number, number];
    const w = packed(weight!);
    const output = run(forward, [x!, w, bias!], [n, weight!.shape[1]!], [inputs, inputs + (inputs % 2)]);
    return {output, saved: [x!, w]};
  },
  backward(dy, [x, weight]) {
    const outputs = weight!.shape[1]!;
    return [
      () => run(ofInput, [dy, weight!], x!.shape, [outputs, outputs + (outputs % 2)]),
      transposedProduct(x!, dy),
      columnSums(dy)
    ];
  }
};
