// The small CLIP at a toy size against the stored PyTorch float64 results (test/reference/make-clip.py), on whichever
// backend is active.

import {type ClipBatch, clipLoss, clipShapes} from "../../components/models/clip.js";
import type {ClipConfig} from "../../components/models/clipConfig.js";
import {dispose, type Tensor, tensor} from "../../components/tensor/index.js";
import {formulaParams, type Results, summarised} from "./referenceCase.js";

export const toyClip: ClipConfig = {
  imageSize: 8,
  patch: 4,
  textLength: 4,
  textVocabulary: 7,
  imageLayers: 1,
  textLayers: 1,
  heads: 2,
  headSize: 3,
  embedding: 5,
  lateInteraction: false,
  decoupled: false,
  extraProjection: false,
  visualSsl: "none",
  maskedText: false
};

/** The cases of make-clip.py by name. */
export const clipCases: Readonly<Record<string, Partial<ClipConfig>>> = {
  plain: {},
  decoupled: {decoupled: true},
  lateInteraction: {lateInteraction: true},
  listing: {lateInteraction: true, decoupled: true, extraProjection: true, visualSsl: "simclr"},
  "simsiam, masked text": {visualSsl: "simsiam", maskedText: true}
};

const [end, pad, hidden] = [7, 8, 9];

export async function clipResults(name: string): Promise<Results> {
  const config = {...toyClip, ...clipCases[name]};
  const batch = toyPairs();
  const hyper = {imageSslWeight: 0.2, textSslWeight: 0.1};
  const results = await summarised(formulaParams(clipShapes(config)), (p) => clipLoss(p, config, batch, hyper));
  dispose(Object.values(batch));
  return results;
}

function toyPairs(): ClipBatch & Record<string, Tensor> {
  const pictures = (phase: number) =>
    tensor(
      Float32Array.from({length: 3 * 8 * 8 * 3}, (_, i) => 0.5 + 0.45 * Math.sin(0.9 * i + phase)),
      [3, 8, 8, 3]
    );
  const ints = (values: number[]) => tensor(Int32Array.from(values), [3, 4], "int32");
  const floats = (values: number[]) => tensor(Float32Array.from(values), [3, 4]);
  return {
    images: pictures(0),
    viewA: pictures(0.3),
    viewB: pictures(0.7),
    text: ints([2, 5, end, pad, 1, end, pad, pad, 6, 0, 3, end]),
    end: floats([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
    words: floats([1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1]),
    hiddenText: ints([2, hidden, end, pad, 1, end, pad, pad, hidden, 0, 3, end]),
    hiddenWeight: floats([0, 0.5, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0])
  };
}
