// Images between bytes and tensors.

import {read, type Tensor, tensor} from "../tensor/index.js";
import type {ArrayPayload} from "./protocol.js";

/** uint8 [n, H, W, 3] → float tensor in [0, 1]. */
export function imageTensor({shape, data}: ArrayPayload): Tensor {
  // A plain loop: Float32Array.from with a function takes ten times as long.
  const values = new Float32Array(data.length);
  for (let i = 0; i < values.length; ++i) values[i] = data[i]! / 255;
  return tensor(values, [...shape]);
}

/** Float tensor (n, H, W, 3) in [0, 1] → uint8 [n, H, W, 3]. */
export async function pixelsOf(images: Tensor): Promise<ArrayPayload> {
  const values = await read(images);
  const data = new Uint8Array(values.length);
  for (let i = 0; i < data.length; ++i) data[i] = Math.max(0, Math.min(255, Math.round(values[i]! * 255)));
  return {shape: images.shape, data};
}
