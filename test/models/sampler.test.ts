import {beforeAll, describe, expect, it} from "vitest";
import {drawTokens} from "../../components/models/draw.js";
import {attentionMasks, imageLogits, priorShapes, states} from "../../components/models/prior.js";
import {PriorSampler} from "../../components/models/priorSampler.js";
import {dispose, memory, read, slice, tensor, tidy, useBackend} from "../../components/tensor/index.js";
import {formulaParams, toyPrior} from "./referenceCase.js";

const text = Int32Array.from([2, 5, 9]);
const image = [0, 3, 1, 4, 2, 0, 3, 1];

beforeAll(async () => {
  await useBackend("wasm");
});

describe("PriorSampler", () => {
  it("gives the logits of the model without a cache, at every position and for every candidate", async () => {
    const params = formulaParams(priorShapes(toyPrior));
    const masks = attentionMasks(toyPrior);
    const all = tidy(() => {
      const h = states(
        params,
        toyPrior,
        masks,
        tensor(text, [1, 3], "int32"),
        tensor(Int32Array.from(image), [1, 8], "int32")
      );
      return imageLogits(params, slice(h, [0, 3, 0], [1, 9, 8]));
    });
    const expected = await read(all);
    const sampler = new PriorSampler(params, toyPrior, 3);
    let logits = sampler.begin(text);
    for (let position = 0; position < 9; ++position) {
      const got = await read(logits);
      for (let c = 0; c < 3; ++c) {
        for (let k = 0; k < 5; ++k) expect(got[c * 5 + k]).toBeCloseTo(expected[position * 5 + k]!, 5);
      }
      dispose(logits);
      if (position < 8) logits = sampler.next(Int32Array.from([0, 0, 0], () => image[position]!));
    }
    sampler.dispose();
    dispose([all, ...Object.values(params)]);
    for (const mask of masks) mask.dispose();
  });

  it("goes on from a given prefix as if it had drawn it", async () => {
    const params = formulaParams(priorShapes(toyPrior));
    const step = new PriorSampler(params, toyPrior, 2);
    dispose(step.begin(text));
    for (const code of image.slice(0, 3)) dispose(step.next(Int32Array.from([code, code])));
    const stepped = step.next(Int32Array.from([image[3]!, image[3]!]));
    const block = new PriorSampler(params, toyPrior, 2);
    const blocked = block.begin(text, Int32Array.from(image.slice(0, 4)));
    const [a, b] = [await read(stepped), await read(blocked)];
    a.forEach((value, i) => {
      expect(value).toBeCloseTo(b[i]!, 5);
    });
    step.dispose();
    block.dispose();
    dispose([stepped, blocked, ...Object.values(params)]);
  });

  it("leaves no tensor behind", async () => {
    const params = formulaParams(priorShapes(toyPrior));
    const before = memory().numTensors;
    await drawTokens(params, toyPrior, text, options);
    expect(memory().numTensors).toBe(before);
    dispose(Object.values(params));
  });
});

const options = {seed: 4, candidates: 3, temperature: 1, topK: 0, topP: 1, report: 2};

describe("drawTokens(params, config, text, options)", () => {
  it("draws a candidate alike however many are drawn beside it, and another for another seed", async () => {
    const params = formulaParams(priorShapes(toyPrior));
    const three = await drawTokens(params, toyPrior, text, options);
    const one = await drawTokens(params, toyPrior, text, {...options, candidates: 1});
    const other = await drawTokens(params, toyPrior, text, {...options, seed: 5});
    expect(Array.from(three.subarray(0, 9))).toEqual(Array.from(one));
    const third = await drawTokens(params, toyPrior, text, {...options, candidates: 1, first: 2});
    expect(Array.from(third)).toEqual(Array.from(three.subarray(18, 27)));
    expect(Array.from(other)).not.toEqual(Array.from(three));
    expect(Array.from(three.subarray(0, 9))).not.toEqual(Array.from(three.subarray(9, 18)));
    dispose(Object.values(params));
  });

  it("keeps the given prefix and reports only what it draws", async () => {
    const params = formulaParams(priorShapes(toyPrior));
    const positions: number[] = [];
    const prefix = Int32Array.from([4, 4, 4, 4]);
    const tokens = await drawTokens(params, toyPrior, text, {...options, prefix}, ({position}) => {
      positions.push(position);
    });
    expect(Array.from(tokens.subarray(9, 13))).toEqual([4, 4, 4, 4]);
    expect(positions).toEqual([4, 5, 6, 7, 8]);
    dispose(Object.values(params));
  });

  it("takes a prefix for each candidate, and draws as it would for each alone", async () => {
    const params = formulaParams(priorShapes(toyPrior));
    const prefix = [Int32Array.from([4, 4, 4]), Int32Array.from([0, 1, 2]), Int32Array.from([3, 0, 3])];
    const together = await drawTokens(params, toyPrior, text, {...options, prefix});
    expect(Array.from(together.subarray(9, 12))).toEqual([0, 1, 2]);
    const first = await drawTokens(params, toyPrior, text, {...options, candidates: 1, prefix: prefix[0]!});
    expect(Array.from(together.subarray(0, 9))).toEqual(Array.from(first));
    const two = [prefix[0]!, prefix[1]!];
    await expect(drawTokens(params, toyPrior, text, {...options, prefix: two})).rejects.toThrow("1 or 3 prefixes");
    dispose(Object.values(params));
  });
});
