// The small CLIP at a toy size against the stored PyTorch float64 results (test/reference/make-clip.py), on whichever
// backend is active.

import {type ClipBatch, clipLoss, clipShapes} from "../../components/models/clip.js";
import type {ClipConfig} from "../../components/models/clipConfig.js";
import {type Shapes, sizeOf} from "../../components/models/weights.js";
import {dispose, type Params, type Tensor, tensor} from "../../components/tensor/index.js";
import {type Results, summarised} from "./referenceCase.js";

export const toyClip: ClipConfig = {
  imageSize: 8,
  stem: [4, 6],
  textLength: 4,
  textVocabulary: 7,
  imageLayers: 2,
  textLayers: 2,
  heads: 2,
  headSize: 4,
  embedding: 5,
  lateInteraction: false,
  decoupled: false,
  extraProjection: false,
  visualSsl: "none",
  spoiledCopies: false,
  maskedText: false
};

/** The cases of make-clip.py by name. */
export const clipCases: Readonly<Record<string, Partial<ClipConfig>>> = {
  plain: {},
  decoupled: {decoupled: true},
  lateInteraction: {lateInteraction: true},
  "spoiled copies": {spoiledCopies: true},
  "spoiled copies, late interaction": {spoiledCopies: true, lateInteraction: true},
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

/** The formula of make-clip.py. */
function formulaParams(shapes: Shapes): Params {
  return Object.fromEntries(
    Array.from(shapes, ([name, shape], offset) => {
      const shift = name.endsWith(".gain") ? 1 : 0;
      const data = Float32Array.from(
        {length: sizeOf(shape)},
        (_, i) => shift + 0.5 * Math.sin(0.37 * i ** 2 + 1.3 * offset)
      );
      return [name, tensor(data, [...shape])];
    })
  );
}

const size = 8 * 8 * 3;
const rates = [0.05, 0.9, 2.1];

function toyPairs(): ClipBatch & Record<string, Tensor> {
  const pictures = (phase: number) =>
    tensor(
      Float32Array.from(
        {length: 3 * size},
        (_, i) => 0.5 + 0.45 * Math.sin(rates[Math.floor(i / size)]! * (i % size) + phase)
      ),
      [3, 8, 8, 3]
    );
  const ints = (values: number[]) => tensor(Int32Array.from(values), [3, 4], "int32");
  const floats = (values: number[]) => tensor(Float32Array.from(values), [3, 4]);
  return {
    images: pictures(0),
    spoiled: pictures(1.3),
    viewA: pictures(0.3),
    viewB: pictures(0.7),
    text: ints([2, 5, end, pad, 1, end, pad, pad, 6, 0, 3, end]),
    end: floats([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
    words: floats([1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1]),
    hiddenText: ints([2, hidden, end, pad, 1, end, pad, pad, hidden, 0, 3, end]),
    hiddenWeight: floats([0, 0.5, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0])
  };
}
