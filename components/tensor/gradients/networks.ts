// Gradients of matrix products, convolution, resampling and softmax.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type Gradient, sumToShape} from "./gradient.js";

export const networkGradients: Record<string, Gradient> = {
  BatchMatMul: {
    inputs: ["a", "b"],
    backward: (dy, [a, b], {transposeA, transposeB}) => ({
      a: () => {
        const da = transposeA ? tf.matMul(b!, dy, !!transposeB, true) : tf.matMul(dy, b!, false, !transposeB);
        return sumToShape(da, a!.shape);
      },
      b: () => {
        const db = transposeB ? tf.matMul(dy, a!, true, !!transposeA) : tf.matMul(a!, dy, !transposeA, false);
        return sumToShape(db, b!.shape);
      }
    })
  },
  Conv2D: {
    inputs: ["x", "filter"],
    backward: (dy, [x, filter], {strides, pad}) => ({
      x: () =>
        tf
          .engine()
          .runKernel(
            "Conv2DBackpropInput",
            {dy, filter: filter!},
            {strides: strides as number[], pad: pad as string, dataFormat: "NHWC", inputShape: x!.shape}
          ) as Tensor,
      filter: () =>
        tf
          .engine()
          .runKernel(
            "Conv2DBackpropFilter",
            {x: x!, dy},
            {strides: strides as number[], pad: pad as string, dataFormat: "NHWC", filterShape: filter!.shape}
          ) as Tensor
    })
  },
  MaxPool: {
    inputs: ["x"],
    output: true,
    backward: (dy, [x, y], {filterSize, strides, pad}) => ({
      x: () =>
        tf
          .engine()
          .runKernel(
            "MaxPoolGrad",
            {dy, input: x!, output: y!},
            {filterSize: filterSize as number[], strides: strides as number[], pad: pad as string}
          ) as Tensor
    })
  },
  // Only enlargement by whole factors, which is a sum over blocks; the cpu backend's own kernel is wrong.
  ResizeNearestNeighbor: {
    inputs: ["images"],
    backward: (dy, [images]) => ({
      images: () => {
        const block = [1, 2].map((axis) => dy.shape[axis]! / images!.shape[axis]!) as [number, number];
        if (!block.every(Number.isInteger)) {
          throw new Error(
            `gradient of resizeNearestNeighbor: expected whole factors, got [${images!.shape}] → [${dy.shape}]`
          );
        }
        return tf.mul(tf.avgPool(dy as tf.Tensor4D, block, block, "valid"), block[0] * block[1]);
      }
    })
  },
  Softmax: {
    output: true,
    backward: (dy, [y]) => ({
      logits: () => {
        const product = tf.mul(dy, y!);
        return tf.sub(product, tf.mul(tf.sum(product, -1, true), y!));
      }
    })
  }
};
