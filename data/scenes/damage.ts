// Blur and noise, to measure how the grader stands them.

import type {Stream} from "../random.js";

/**
 * A Gaussian blur of a square RGB image; pixels beyond the border are the border's. sigma is in pixels; 0 leaves the image
 * as it is.
 */
export function blurred(image: Uint8Array, sigma: number): Uint8Array {
  if (sigma === 0) return Uint8Array.from(image);
  const side = Math.sqrt(image.length / 3);
  const kernel = gaussian(sigma);
  return Uint8Array.from(blurAlong(blurAlong(Float64Array.from(image), 1, side, kernel), side, side, kernel), toByte);
}

/** Weights at −reach … reach; they sum to 1. */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({length: 2 * reach + 1}, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

/** stride: 1 along rows, the side along columns. */
function blurAlong(from: Float64Array, stride: number, side: number, kernel: Float64Array): Float64Array {
  const reach = (kernel.length - 1) / 2;
  const out = new Float64Array(from.length);
  for (let p = 0; p < from.length; ++p) {
    const at = Math.floor(Math.floor(p / 3) / stride) % side;
    let sum = 0;
    for (let i = 0; i < kernel.length; ++i) {
      const to = Math.min(side - 1, Math.max(0, at + i - reach));
      sum += kernel[i]! * from[p + 3 * stride * (to - at)]!;
    }
    out[p] = sum;
  }
  return out;
}

/** Adds normal noise of standard deviation sigma (of 255) to every channel. */
export function noisy(image: Uint8Array, sigma: number, stream: Stream): Uint8Array {
  return image.map((value) => toByte(value + sigma * stream.normal()));
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
