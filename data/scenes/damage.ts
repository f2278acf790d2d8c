// Blur and noise, to measure how the grader stands them.

import type {Stream} from "../random.js";

/** A Gaussian blur of a square RGB image; pixels beyond the border are the border's. sigma is in pixels. */
export function blurred(image: Uint8Array, sigma: number): Uint8Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Array.from({length: 2 * reach + 1}, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const side = Math.sqrt(image.length / 3);
  const along = (from: Float64Array, stride: number) =>
    from.map((_, p) => {
      const k = Math.floor(p / 3);
      const at = Math.floor(k / stride) % side;
      let sum = 0;
      kernel.forEach((weight, i) => {
        const to = Math.min(side - 1, Math.max(0, at + i - reach));
        sum += weight * from[p + 3 * stride * (to - at)]!;
      });
      return sum / total;
    });
  return Uint8Array.from(along(along(Float64Array.from(image), 1), side), toByte);
}

/** Adds normal noise of standard deviation sigma (of 255) to every channel. */
export function noisy(image: Uint8Array, sigma: number, stream: Stream): Uint8Array {
  return image.map((value) => toByte(value + sigma * stream.normal()));
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
