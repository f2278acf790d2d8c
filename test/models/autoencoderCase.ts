// The autoencoder and the VAE at a toy size against the stored PyTorch float64 results (make-autoencoder.py), on
// whichever backend is active.

import {autoencoderLoss, autoencoderShapes, vaeLoss} from "../../components/models/autoencoder.js";
import type {AutoencoderConfig} from "../../components/models/autoencoderConfig.js";
import {sizeOf} from "../../components/models/weights.js";
import {type Params, tensor} from "../../components/tensor/index.js";
import {type Results, summarised} from "./referenceCase.js";

export const toy: AutoencoderConfig = {
  imageSize: 8,
  widths: [3, 4, 5],
  hidden: 6,
  latents: 3,
  variational: false,
  nested: false,
  pixelScale: 0.5
};
export const wave = (count: number, rate: number, middle = 0, height = 1) =>
  Float32Array.from({length: count}, (_, i) => middle + height * Math.sin(rate * i));
/** The formula of make-autoencoder.py. */
export function formulaParams(config: AutoencoderConfig): Params {
  return Object.fromEntries(
    Array.from(autoencoderShapes(config), ([name, shape], offset) => {
      const shift = name.endsWith(".gain") ? 1 : 0;
      const data = Float32Array.from({length: sizeOf(shape)}, (_, i) => shift + 0.8 * Math.sin(1.7 * i + offset));
      return [name, tensor(data, [...shape])];
    })
  );
}
export const images = () => tensor(wave(2 * 8 * 8 * 3, 0.9, 0.5, 0.45), [2, 8, 8, 3]);

export function autoencoderResults(): Promise<Results> {
  const mask = tensor([1, 1, 0, 1, 1, 1], [2, 3]);
  return summarised(formulaParams(toy), (p) => autoencoderLoss(p, toy, images(), mask));
}

export function vaeResults(): Promise<Results> {
  const config = {...toy, variational: true};
  const epsilon = tensor(wave(6, 2.3), [2, 3]);
  const strength = tensor([0.3, 5.2], [2, 1]);
  return summarised(formulaParams(config), (p) => vaeLoss(p, config, images(), epsilon, strength));
}
