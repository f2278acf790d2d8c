import {describe, expect, it} from "vitest";
import {dvaeShapes} from "../../components/models/dvae.js";
import {gridSize} from "../../components/models/dvaeConfig.js";
import {paperDvae, paperParameterCounts, paperPrior} from "../../components/models/paper.js";
import {patterns, priorShapes} from "../../components/models/prior.js";
import {modelWidth} from "../../components/models/priorConfig.js";
import {parameterCount} from "../../components/models/weights.js";

const part = (name: "encoder" | "decoder") =>
  new Map([...dvaeShapes(paperDvae)].filter(([key]) => key.startsWith(`${name}.`)));

describe("the paper's sizes", () => {
  it("give the released dVAE's parameter counts", () => {
    expect(parameterCount(part("encoder"))).toBe(paperParameterCounts.encoder);
    expect(parameterCount(part("decoder"))).toBe(paperParameterCounts.decoder);
  });

  it("give a 32×32 grid and 12 billion parameters", () => {
    expect(gridSize(paperDvae)).toBe(32);
    expect(modelWidth(paperPrior)).toBe(3968);
    const count = parameterCount(priorShapes(paperPrior));
    expect(count).toBeGreaterThan(paperParameterCounts.prior * 0.99);
    expect(count).toBeLessThan(paperParameterCounts.prior * 1.04);
  });

  it("give 47 row, 16 column and 1 convolution layers", () => {
    const all = patterns(paperPrior);
    expect(["row", "column", "convolution"].map((kind) => all.filter((p) => p === kind).length)).toEqual([47, 16, 1]);
    expect(all.slice(0, 6)).toEqual(["row", "column", "row", "row", "row", "column"]);
    expect(all[63]).toBe("convolution");
  });
});
