// A digest of what the random tensors hold on the backend in use.

import {gumbelTensor, normalTensor, read, tidy, uniformTensor} from "../../../components/tensor/index.js";
import {stream} from "../../../data/random.js";

/** The 32-bit FNV-1a hash of 3 × 1,000 numbers, bit by bit. */
export async function randomDigest(): Promise<string> {
  const tensors = tidy(() => [
    uniformTensor(stream(7, "uniform"), [1000]),
    normalTensor(stream(7, "normal"), [1000], 0.25),
    gumbelTensor(stream(7, "gumbel"), [1000])
  ]);
  let hash = 0x811c9dc5;
  for (const tensor of tensors) {
    const values = (await read(tensor)) as Float32Array;
    for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    tensor.dispose();
  }
  return (hash >>> 0).toString(16);
}

/** What it is everywhere. */
export const RANDOM_DIGEST = "32201a95";
