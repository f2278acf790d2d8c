// Convolution and resampling of images, [n, height, width, channels].

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {applyOp} from "./differentiable.js";
import {fastOps} from "./fast.js";
import {linear} from "./matMul.js";

/** x [n, h, w, in], weight [k, k, in, out] with k odd, bias [out] → [n, h, w, out]; stride 1, zeros around. */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [k, k2, inputs, outputs] = weight.shape as [number, number, number, number];
  if (x.rank !== 4 || weight.rank !== 4 || k !== k2 || k % 2 === 0 || x.shape[3] !== inputs) {
    throw new Error(
      `conv2d: expected x [n, h, w, in] and weight [k, k, in, out] with odd k, got [${x.shape}] and [${weight.shape}]`
    );
  }
  if (k === 1) return linear(x, tf.reshape(weight, [inputs, outputs]), bias);
  const fast = fastOps().conv2d;
  if (fast && bias) return applyOp(fast, [x, weight, bias], [], null);
  const y = tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 1, "same");
  return bias ? tf.add(y, bias) : y;
}

/** The largest of each 2×2 window: [n, 2h, 2w, c] → [n, h, w, c]. Of equals the first, row by row, has the gradient. */
export function maxPool2(x: Tensor): Tensor {
  requireEven("maxPool2", x);
  return tf.maxPool(x as tf.Tensor4D, 2, 2, "valid");
}

/** Each pixel repeated 2×2 (nearest neighbour): [n, h, w, c] → [n, 2h, 2w, c]. */
export function upsample2(x: Tensor): Tensor {
  if (x.rank !== 4) throw new Error(`upsample2: expected [n, h, w, c], got [${x.shape}]`);
  const [, height, width] = x.shape as [number, number, number, number];
  return tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [2 * height, 2 * width]);
}

function requireEven(name: string, x: Tensor): void {
  const [, height, width] = x.shape;
  if (x.rank !== 4 || height! % 2 || width! % 2) {
    throw new Error(`${name}: expected [n, h, w, c] with even h and w, got [${x.shape}]`);
  }
}
