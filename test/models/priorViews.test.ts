import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {attentionMasks, priorShapes} from "../../components/models/prior.js";
import {attentionWeights, embeddingParts} from "../../components/models/priorViews.js";
import {attends, layerPatterns} from "../../components/nn/masks.js";
import {add, dispose, read, slice, tidy, useBackend} from "../../components/tensor/index.js";
import {formulaParams, toyBatch, toyPrior} from "./referenceCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/models.json", import.meta.url), "utf8")).prior;
const params = () => formulaParams(priorShapes(toyPrior));
const T = toyPrior.textLength;
const L = 1 + T + 8;

beforeAll(async () => {
  await useBackend("wasm");
});

function firstSequence() {
  const {text, textWeight, image} = toyBatch();
  const cut = tidy(() => ({text: slice(text, [0, 0], [1, T]), image: slice(image, [0, 0], [1, 8])}));
  dispose([text, textWeight, image]);
  return cut;
}

describe("attentionWeights(params, config, masks, text, image)", () => {
  it("is PyTorch's, in every layer and head", async () => {
    const weights = params();
    const masks = attentionMasks(toyPrior);
    const {text, image} = firstSequence();
    const found = tidy(() => attentionWeights(weights, toyPrior, masks, text, image));
    expect(found.shape).toEqual([3, 2, L, L]);
    const values = await read(found);
    (stored.lastAttention as number[][][]).forEach((heads, layer) => {
      heads.forEach((row, head) => {
        row.forEach((expected, k) => {
          expect(values[((layer * 2 + head) * L + L - 1) * L + k]).toBeCloseTo(expected, 5);
        });
      });
    });
    dispose([found, text, image, ...Object.values(weights)]);
    for (const mask of masks) mask.dispose();
  });

  it("sums to one over what the mask allows, and is nought elsewhere", async () => {
    const config = {...toyPrior, masks: "column,full,row"};
    const weights = params();
    const masks = attentionMasks(config);
    const {text, image} = firstSequence();
    const found = tidy(() => attentionWeights(weights, config, masks, text, image));
    const values = (await read(found)) as Float32Array;
    layerPatterns(config.masks, 3).forEach((pattern, layer) => {
      for (let q = 0; q < L; ++q) {
        const row = values.subarray(((layer * 2 + 1) * L + q) * L, ((layer * 2 + 1) * L + q + 1) * L);
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        for (let k = 0; k < L; ++k) if (!attends(pattern, q, k, 1 + T, 3, 3)) expect(row[k]).toBe(0);
      }
    });
    dispose([found, text, image, ...Object.values(weights)]);
    for (const mask of masks) mask.dispose();
  });
});

describe("embeddingParts(params, config, text, image)", () => {
  it("adds up to the states that PyTorch's first layer reads", async () => {
    const weights = params();
    const {text, image} = firstSequence();
    const sum = tidy(() => {
      const {token, place, column} = embeddingParts(weights, toyPrior, text, image);
      return add(add(token, place), column);
    });
    const values = await read(sum);
    (stored.embedded as number[][]).flat().forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 5);
    });
    dispose([sum, text, image, ...Object.values(weights)]);
  });
});
