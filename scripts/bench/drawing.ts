// What drawing has in common for the peers in JavaScript: one code after the other, each from its logits by the number
// given for it, as components/models/draw.ts does.

import {imageLength} from "../../components/models/priorConfig.js";
import {drawCode, samplingDistribution} from "../../components/nn/sampling.js";
import type {DrawInputs} from "./inputs.js";

/** logits: of the next code for each candidate, given the codes so far, (candidates, n). */
export async function drawEach(
  {config, candidates, uniforms}: DrawInputs,
  logits: (position: number, codes: Int32Array) => Promise<Float32Array>
): Promise<Int32Array> {
  const n = imageLength(config);
  const codes = new Int32Array(candidates * n);
  for (let position = 0; position < n; ++position) {
    const values = await logits(position, codes);
    for (let c = 0; c < candidates; ++c) {
      const row = values.subarray(c * config.codes, (c + 1) * config.codes);
      const distribution = samplingDistribution(row, {temperature: 1, topK: 0, topP: 1});
      codes[c * n + position] = drawCode(distribution, uniforms[position * candidates + c]!);
    }
  }
  return codes;
}

/** By which peers see that they have drawn the same. */
export function meanCode(codes: Int32Array): number {
  return codes.reduce((sum, code) => sum + code, 0) / codes.length;
}

/** The codes of one position, one for each candidate. */
export function codesAt(codes: Int32Array, candidates: number, position: number): Int32Array {
  const n = codes.length / candidates;
  return Int32Array.from({length: candidates}, (_, c) => codes[c * n + position]!);
}
