import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {contrast, lateInteraction, unit} from "../../components/nn/contrast.js";
import {currentBackend, dispose, read, tensor, useBackend} from "../../components/tensor/index.js";
import {clipCases, clipResults} from "./clipCase.js";
import {largestError} from "./referenceCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/clip.json", import.meta.url), "utf8"));

describe.each(["wasm", "cpu"] as const)("CLIP on %s against PyTorch float64", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it("runs on that backend", () => {
    expect(currentBackend()).toBe(backend);
  });

  it.each(Object.keys(clipCases))("%s", async (name) => {
    const {error, where} = largestError(await clipResults(name), stored[name]);
    expect(error, where).toBeLessThan(1e-4);
  });
});

describe("contrast", () => {
  beforeAll(async () => {
    await useBackend("cpu");
  });

  it("is ln N where nothing is told apart, and ln (N − 1) decoupled", async () => {
    const s = tensor(new Float32Array(16), [4, 4]);
    expect((await read(contrast(s, false)))[0]).toBeCloseTo(Math.log(4), 5);
    expect((await read(contrast(s, true)))[0]).toBeCloseTo(Math.log(3), 5);
    dispose(s);
  });

  it("decoupled, a sure match goes on falling where the coupled loss is already nought", async () => {
    const diagonal = (value: number) =>
      tensor(
        Float32Array.from({length: 9}, (_, i) => (i % 4 === 0 ? value : 0)),
        [3, 3]
      );
    expect((await read(contrast(diagonal(50), false)))[0]).toBeCloseTo(0, 5);
    expect((await read(contrast(diagonal(50), true)))[0]).toBeCloseTo(Math.log(2) - 50, 4);
  });
});

describe("late interaction", () => {
  it("of one word and one patch is their cosine; pads count for nothing", async () => {
    await useBackend("cpu");
    const [text, image] = [
      unit(
        tensor([
          [
            [1, 2],
            [9, -9]
          ]
        ])
      ),
      unit(tensor([[[3, 1]]]))
    ];
    const {textToImage, imageToText} = lateInteraction(text, image, tensor([[1, 0]]));
    const cosine = 5 / Math.sqrt(5 * 10);
    expect((await read(textToImage))[0]).toBeCloseTo(cosine, 5);
    expect((await read(imageToText))[0]).toBeCloseTo(cosine, 5);
  });
});
