// How large the activation gradients of each resblock are.

import {dispose, keep, type Params, read, type Tensor, valueAndGrads} from "../tensor/index.js";
import type {ProbeResult} from "./protocol.js";

/** The histogram's bins: bin i counts |g| in [2^(first + i), 2^(first + i + 1)). The ends take what lies beyond. */
export const firstExponent = -64;
export const exponentBins = 96;

/**
 * Runs forward and back and looks at each gradient that is seen on the way. Gives counts [blocks, exponentBins], zeros
 * [blocks] and norms [blocks], the root mean square of what enters the block; and first, the exponent of the first bin.
 */
export async function gradientCensus(
  blocks: readonly string[],
  params: Params,
  loss: (params: Params) => {loss: Tensor; aux: Record<string, Tensor>},
  exactly: <T>(see: (block: string, gradient: Tensor) => void, run: () => T) => T
): Promise<ProbeResult> {
  const seen: {block: number; gradient: Tensor}[] = [];
  const see = (block: string, gradient: Tensor) =>
    void seen.push({block: blocks.indexOf(block), gradient: keep(gradient.clone())});
  const {loss: value, aux, grads} = exactly(see, () => valueAndGrads(params, loss));
  dispose([value, ...Object.values(aux), ...Object.values(grads)]);
  const counts = new Float32Array(blocks.length * exponentBins);
  const zeros = new Float32Array(blocks.length);
  const norms = new Float32Array(blocks.length);
  for (const {block, gradient} of seen) {
    const values = (await read(gradient)) as Float32Array;
    gradient.dispose();
    countExponents(values, counts.subarray(block * exponentBins, (block + 1) * exponentBins), (n) => {
      zeros[block]! += n;
    });
    // The backward pass meets what enters a block first.
    norms[block] ||= Math.sqrt(values.reduce((total, v) => total + v * v, 0) / values.length);
  }
  return {
    counts: {shape: [blocks.length, exponentBins], data: counts},
    zeros: {shape: [blocks.length], data: zeros},
    norms: {shape: [blocks.length], data: norms},
    first: {shape: [1], data: Float32Array.of(firstExponent)}
  };
}

function countExponents(values: Float32Array, counts: Float32Array, addZeros: (n: number) => void): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let zeros = 0;
  for (const u of bits) {
    const exponent = ((u >>> 23) & 255) - 127;
    if (exponent === -127) zeros += 1;
    else counts[Math.min(Math.max(exponent - firstExponent, 0), exponentBins - 1)]! += 1;
  }
  addZeros(zeros);
}
