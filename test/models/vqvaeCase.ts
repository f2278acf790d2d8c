// The VQ-VAE at a toy size against the stored PyTorch float64 results (make-vqvae.py), on whichever backend is active.

import {vqLoss, vqVaeShapes} from "../../components/models/vqvae.js";
import {vqVaeRecipe} from "../../components/models/vqvaeConfig.js";
import {dispose, type Params, read, readScalar, tensor, valueAndGrads} from "../../components/tensor/index.js";
import {formulaParams} from "./referenceCase.js";

export interface StoredTerms {
  readonly values: Record<string, number>;
  readonly grads: Record<string, Record<string, number>>;
}

export const config = {
  ...vqVaeRecipe("vqvae").config,
  imageSize: 8,
  widths: [4, 6] as const,
  blocks: 1,
  codes: 5,
  dimensions: 3
};
export const terms = ["reconstruction", "codebook", "commitment"] as const;
const none = {reconstruction: 0, codebook: 0, commitment: 0};

export function images() {
  const data = Float32Array.from({length: 2 * 8 * 8 * 3}, (_, i) => 0.5 + 0.5 * Math.sin(1.7 * i + 9));
  return tensor(data, [2, 8, 8, 3]);
}

export async function gradients(params: Params, term: (typeof terms)[number], backward = {sg: true, copy: true}) {
  const x = images();
  const {loss, grads, aux} = valueAndGrads(params, (p) => vqLoss(p, config, x, {...none, [term]: 1}, backward));
  const value = await readScalar(loss);
  const norms: Record<string, number> = {};
  for (const [name, grad] of Object.entries(grads)) norms[name] = Math.hypot(...(await read(grad)));
  dispose([x, loss, ...Object.values(grads), ...Object.values(aux)]);
  return {value, norms};
}

/** The largest error of a term's value and gradients, relative to each gradient's norm, and where it is. */
export async function vqVaeError(stored: StoredTerms): Promise<{error: number; where: string}> {
  let worst = {error: 0, where: "nowhere"};
  const note = (error: number, where: string) => {
    if (!(error <= worst.error)) worst = {error, where}; // NaN counts as worst
  };
  for (const term of terms) {
    const params = formulaParams(vqVaeShapes(config));
    const {value, norms} = await gradients(params, term);
    dispose(params);
    note(Math.abs(value - stored.values[term]!), term);
    for (const [name, norm] of Object.entries(stored.grads[term]!)) {
      note(Math.abs(norms[name]! - norm) / (1 + norm), `${term}, ${name}`);
    }
  }
  return worst;
}
