import {describe, expect, it} from "vitest";
import {attends, attendsImage, layerPattern, layerPatterns, maskBias} from "../../components/nn/masks.js";

const keysOf = (pattern: Parameters<typeof attendsImage>[0], n: number, width: number, kernel: number) =>
  Array.from({length: width * width}, (_, m) => m).filter((m) => attendsImage(pattern, n, m, width, kernel));

describe("attendsImage(pattern, n, m, width, kernel)", () => {
  it("row: 33 keys at the paper's size, from the pixel above to itself", () => {
    const keys = keysOf("row", 32 * 5 + 7, 32, 11);
    expect(keys).toHaveLength(33);
    expect(keys[0]).toBe(32 * 4 + 7);
    expect(keys.at(-1)).toBe(32 * 5 + 7);
  });

  it("row: figure 11's 4×4 example sees five keys, across a row's end", () => {
    expect(keysOf("row", 5, 4, 3)).toEqual([1, 2, 3, 4, 5]);
  });

  it("column: the same column, itself included", () => {
    expect(keysOf("column", 32 * 3 + 2, 32, 11)).toEqual([2, 34, 66, 98]);
  });

  it("convolution: at most 5·11 + 6 = 61 keys for an 11×11 window", () => {
    expect(keysOf("convolution", 32 * 16 + 16, 32, 11)).toHaveLength(61);
    expect(keysOf("convolution", 12, 5, 3)).toEqual([6, 7, 8, 11, 12]);
  });

  it("never sees a later key, always itself", () => {
    for (const pattern of ["row", "column", "convolution", "dense"] as const) {
      for (let n = 0; n < 64; ++n) {
        const keys = keysOf(pattern, n, 8, 3);
        expect(Math.max(...keys)).toBe(n);
      }
    }
  });

  it("convolution wraps round at row ends like the row pattern", () => {
    expect(keysOf("convolution", 10, 5, 3)).toEqual([4, 5, 6, 9, 10]); // 10 is the first of its row; 9 ends the row above
  });
});

describe("attends(pattern, q, k, text, width, kernel)", () => {
  it("text is causal and image positions see all text", () => {
    const text = 3;
    for (let q = 0; q < text; ++q) {
      for (let k = 0; k < 7; ++k) expect(attends("row", q, k, text, 2, 3)).toBe(k <= q);
    }
    for (let q = text; q < 7; ++q) {
      for (let k = 0; k < text; ++k) expect(attends("column", q, k, text, 2, 3)).toBe(true);
    }
  });

  it("maskBias writes the same rule", () => {
    const bias = maskBias("column", 7, 3, 2, 3);
    for (let q = 0; q < 7; ++q) {
      for (let k = 0; k < 7; ++k) expect(bias[q * 7 + k] === 0).toBe(attends("column", q, k, 3, 2, 3));
    }
  });
});

describe("layerPattern(layer, layers)", () => {
  it("names a layer that does not exist", () => {
    expect(() => layerPattern(5, 4)).toThrow("got 5");
  });
});

describe("layerPatterns(setting, layers)", () => {
  it("paper: 47 row, 16 column and one convolution of 64", () => {
    const all = layerPatterns("paper", 64);
    const count = (pattern: string) => all.filter((one) => one === pattern).length;
    expect([count("row"), count("column"), count("convolution")]).toEqual([47, 16, 1]);
    expect(all.slice(0, 6)).toEqual(["row", "column", "row", "row", "row", "column"]);
  });

  it("a list of names, begun again where it ends", () => {
    expect(layerPatterns("row,column,row,conv", 4)).toEqual(["row", "column", "row", "convolution"]);
    expect(layerPatterns("row, column", 4)).toEqual(["row", "column", "row", "column"]);
    expect(layerPatterns("full", 3)).toEqual(["dense", "dense", "dense"]);
  });

  it.each(["", "row,", "toString", "diagonal"])("throws for %j", (setting) => {
    expect(() => layerPatterns(setting, 4)).toThrow("expected paper, or row, column, conv, full");
  });
});
