import {describe, expect, test} from "vitest";
import {meanWeights} from "../../components/figures/prior/attentionFigure.js";
import {kindsOf, maskShapes} from "../../components/figures/prior/maskFigure.js";
import {reachQuestion} from "../../components/figures/prior/questions.js";
import {depths, keysOf, layersToKnowAll, reachOf} from "../../components/figures/prior/reach.js";
import {pastRuns} from "../../components/figures/prior/storedMasks.js";
import {type ImagePattern, layerPatterns} from "../../components/training/masks.js";

const paper = maskShapes.paper;
const small = {width: 4, kernel: 3};

/** Which keys of the paper's sequence a query may see, written from its figure 11 and not from the code. */
function seen(pattern: ImagePattern, q: number): Set<number> {
  const {text, width, kernel} = paper;
  const keys = new Set<number>();
  for (let k = 0; k < Math.min(text, q + 1); ++k) keys.add(k);
  const n = q - text;
  if (n < 0) return keys;
  const add = (m: number) => {
    if (m >= 0 && m <= n) keys.add(text + m);
  };
  if (pattern === "row") for (let back = 0; back <= width; ++back) add(n - back);
  if (pattern === "column") for (let m = n; m >= 0; m -= width) add(m);
  if (pattern === "convolution") {
    const half = (kernel - 1) / 2;
    for (let up = 0; up <= half; ++up) for (let side = -half; side <= half; ++side) add(n - up * width + side);
  }
  return keys;
}

describe("kindsOf(pattern, shape): the matrix that the figure draws", () => {
  test.each(["row", "column", "convolution"] as const)("%s at 1,280 × 1,280 is the paper's figure 11", (pattern) => {
    const {length, kinds} = kindsOf(pattern, paper);
    expect(length).toBe(1280);
    for (let q = 0; q < length; ++q) {
      const expected = seen(pattern, q);
      const row = kinds.subarray(q * length, (q + 1) * length);
      let count = 0;
      for (let k = 0; k < length; ++k) {
        if (row[k] === 0) continue;
        count += 1;
        if (!expected.has(k) || row[k] !== (k < paper.text ? 1 : 2)) throw new Error(`${pattern}: ${q} sees ${k}`);
      }
      expect(count).toBe(expected.size);
    }
  });
});

describe("what a token can know after several layers", () => {
  /** Products of boolean matrices, written without the lists of keys. */
  function byMatrices(patterns: readonly ImagePattern[]): boolean[][] {
    const n = 16;
    let reach = Array.from({length: n}, (_, q) => Array.from({length: n}, (_, k) => q === k));
    for (const pattern of patterns) {
      const sees = (q: number, k: number) => keysOf(pattern, small)[q]!.includes(k);
      reach = reach.map((_, q) =>
        Array.from({length: n}, (_, m) => Array.from({length: n}, (_, k) => sees(q, k) && reach[k]![m]!).some(Boolean))
      );
    }
    return reach;
  }

  test.each(["paper", "row", "column", "conv", "row,conv", "column,row,full"])("%s: as by matrices", (setting) => {
    const patterns = layerPatterns(setting, 4);
    for (let count = 1; count <= 4; ++count) {
      const expected = byMatrices(patterns.slice(0, count));
      for (let n = 0; n < 16; ++n) {
        expect(Array.from(reachOf(patterns.slice(0, count), n, small), Boolean)).toEqual(expected[n]);
        const depth = depths(patterns.slice(0, count), n, small);
        expect(Array.from(depth, (k) => k > 0)).toEqual(expected[n]);
      }
    }
  });

  test("at the paper's size: two layers with its pattern, 32 of rows, 7 of convolutions, never of columns", () => {
    const needed = (setting: string) => layersToKnowAll(layerPatterns(setting, 64), paper);
    expect([needed("paper"), needed("row"), needed("conv"), needed("column")]).toEqual([2, 32, 7, null]);
  });

  test("the question's answer is that", async () => {
    const {right, found} = await reachQuestion.look(0);
    expect(reachQuestion.answers[right]).toBe("2");
    expect(found).toContain("With row layers alone it takes 32");
  });
});

test("meanWeights(attention, layer, head, place): the mean over what is asked for", () => {
  // Two layers, two heads, two states: numbers that tell which row they are of.
  const data = Array.from({length: 2 * 2 * 2 * 2}, (_, i) => i);
  const attention = {layers: 2, heads: 2, length: 2, data};
  expect(Array.from(meanWeights(attention, 2, 1, 1)!)).toEqual([10, 11]);
  expect(Array.from(meanWeights(attention, 0, 1, 0)!)).toEqual([4, 5]);
  expect(Array.from(meanWeights(attention, 0, 0, 1)!)).toEqual([8, 9]);
  expect(meanWeights(attention, 0, 0, 2)).toBeNull();
});

test("pastRuns(stored): one curve a pattern, the mean over its seeds", () => {
  const run = (masks: string, seed: number, imageLoss: number[]) => ({masks, seed, steps: [50, 100], imageLoss});
  const stored = {updates: 100, runs: [run("paper", 1, [4, 2]), run("full", 1, [5, 1]), run("paper", 2, [2, 1])]};
  expect(pastRuns(stored)).toEqual([
    {name: "the paper’s", steps: [50, 100], values: [3, 1.5], kind: "means-prior"},
    {name: "full", steps: [50, 100], values: [5, 1], kind: "means-image"}
  ]);
});
