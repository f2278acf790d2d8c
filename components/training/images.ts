// Images between bytes and tensors.

import {read, type Tensor, tensor, tidy} from "../tensor/index.js";
import type {ArrayPayload} from "./protocol.js";

/** uint8 [n, H, W, 3] → float tensor in [0, 1]. */
export function imageTensor({shape, data}: ArrayPayload): Tensor {
  return tidy(() =>
    tensor(
      Float32Array.from(data, (byte) => byte / 255),
      [...shape]
    )
  );
}

/** Float tensor (n, H, W, 3) in [0, 1] → uint8 [n, H, W, 3]. */
export async function pixelsOf(images: Tensor): Promise<ArrayPayload> {
  const values = await read(images);
  return {shape: images.shape, data: Uint8Array.from(values, (v) => Math.max(0, Math.min(255, Math.round(v * 255))))};
}
