// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {
  emptyDrawing,
  finishDrawing,
  leastCertain,
  recordStep,
  sameSettings,
  tokensOf
} from "../../components/figures/drawing.js";
import {changes, redrawer} from "../../components/figures/redraw.js";
import * as scenes from "../../components/figures/scenes.js";
import {fetchShipped} from "../../components/figures/shipped.js";
import {decodeBytes, encodeBytes} from "../../components/figures/stored.js";
import {parseCaption} from "../../data/scenes/index.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, scroll, until} from "./setUp.js";

beforeAll(installBrowser);

const settings = {size: "xs", caption: "a star", seed: 1, candidates: 2, temperature: 1, topK: 0, topP: 1} as const;

describe("drawing", () => {
  test("recordStep(drawing, step) puts each candidate's token and distribution in its place", () => {
    const drawing = emptyDrawing(settings, 2);
    recordStep(drawing, {
      position: 1,
      tokens: Int32Array.of(7, 8),
      topCodes: Int32Array.of(7, 1, 8, 2),
      topProbabilities: Float32Array.of(0.75, 0.25, 0.5, 0.5),
      drawnProbabilities: Float32Array.of(1, 0, 0.5, 0.5),
      entropy: Float32Array.of(0, 1)
    });
    expect([...tokensOf(drawing, 1)]).toEqual([-1, 8, -1, -1]);
    expect(drawing.drawn).toBe(2);
    expect(Array.from(drawing.distributions[5]!.codes)).toEqual([8, 2]);
    expect(leastCertain(drawing, 1)).toBe(1);
    expect(leastCertain(emptyDrawing(settings, 2), 0)).toBeNull();
  });

  test("finishDrawing(drawing, result) fills what is missing", () => {
    const drawing = emptyDrawing(settings, 2);
    const images = {shape: [2, 2, 2, 3], data: new Uint8Array(24)};
    finishDrawing(drawing, {tokens: {shape: [2, 2, 2], data: new Int32Array(8).fill(3)}, images, seconds: 0.5});
    expect([drawing.drawn, drawing.imagesDrawn, drawing.tokens[7]]).toEqual([4, 4, 3]);
  });

  test("sameSettings(a, b)", () => {
    expect(sameSettings(settings, {...settings})).toBe(true);
    expect(sameSettings(settings, {...settings, seed: 2})).toBe(false);
  });
});

describe("stored bytes", () => {
  test("decodeBytes(encodeBytes(array)) gives it back", () => {
    const array = {shape: [2, 3], data: Uint8Array.of(0, 255, 128, 10, 13, 1)};
    expect(decodeBytes(encodeBytes(array))).toEqual(array);
  });
  test("bytes that do not fit their shape are refused", () => {
    const wrong = {...encodeBytes({shape: [3], data: Uint8Array.of(1, 2, 3)}), shape: [4]};
    expect(() => decodeBytes(wrong)).toThrow("expected 4 bytes for shape [4], got 3");
  });
});

describe("redrawer(element, draw)", () => {
  test("draws once a frame, however often it is asked, and only on screen", async () => {
    let draws = 0;
    const redraw = redrawer(document.createElement("div"), () => {
      draws += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    redraw();
    redraw();
    redraw();
    expect(draws).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(draws).toBe(1);
    scroll(false);
    redraw();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(draws).toBe(1);
    scroll(true);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(draws).toBe(2);
  });
  test("a drawing in parts that takes too long goes on in the next frame, and is done before the next one begins", async () => {
    const drawn: string[] = [];
    const frames = new Set<number>();
    let round = 0;
    const redraw = redrawer(document.createElement("div"), function* () {
      round += 1;
      for (const part of ["a", "b", "c"]) {
        const begun = performance.now();
        while (performance.now() - begun < 15); // longer than a frame's share
        drawn.push(part + round);
        frames.add(frame);
        yield;
      }
    });
    let frame = 0;
    const count = () => {
      frame += 1;
      if (frame < 20) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    redraw();
    await until(() => drawn.length > 0, "a first part");
    redraw();
    await until(() => drawn.length === 6, "both drawings");
    expect(drawn).toEqual(["a1", "b1", "c1", "a2", "b2", "c2"]);
    expect(frames.size).toBeGreaterThan(3);
  });
  test("what is begun is finished before printing", async () => {
    const drawn: number[] = [];
    const node = document.body.appendChild(document.createElement("div"));
    const redraw = redrawer(node, function* () {
      for (const part of [1, 2, 3]) {
        const begun = performance.now();
        while (performance.now() - begun < 15);
        drawn.push(part);
        yield;
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    redraw();
    await until(() => drawn.length > 0, "a first part");
    dispatchEvent(new Event("beforeprint"));
    expect(drawn).toEqual([1, 2, 3]);
    node.remove();
  });
});

test("changes() tells whether a value is another than in the call before", () => {
  const other = changes();
  const probe = {};
  expect([other(probe, "a"), other(probe, "a"), other(probe, "b"), other({}, "b"), other({}), other()]).toEqual([
    true,
    false,
    true,
    true,
    true,
    true
  ]);
  expect(changes()(undefined)).toBe(true);
});

describe.each(["s", "xs"] as const)("scenes of size %s", (size) => {
  test("every suggestion is in words that the model knows", () => {
    for (const {caption} of scenes.suggestions[size]) {
      expect([caption, parseCaption(caption, size).unknownWords]).toEqual([caption, []]);
    }
  });
  test("some suggestions were never seen in training, and some were", () => {
    const unseen = scenes.suggestions[size].filter((one) => one.unseen).length;
    expect(unseen).toBeGreaterThan(0);
    expect(unseen).toBeLessThan(scenes.suggestions[size].length);
    expect(scenes.suggestions[size][0]!.unseen).toBe(false);
  });
  test("the vocabulary has shapes and colours, and an example has the size's pixels", () => {
    const names = scenes.vocabulary[size].map(({name}) => name);
    expect(names.slice(0, 2)).toEqual(["shapes", "colours"]);
    const side = size === "s" ? 32 : 16;
    expect(scenes.exampleImage(size).shape).toEqual([1, side, side, 3]);
    expect(scenes.paints(size).length).toBeGreaterThan(6);
  });
});

test("isUnseen(size, caption) knows pairs, faces and relations, also those said from the other side", () => {
  expect(scenes.isUnseen("s", "a blue star")).toBe(true);
  expect(scenes.isUnseen("s", "a red star")).toBe(false);
  expect(scenes.isUnseen("s", "a smiling heart")).toBe(true);
  expect(scenes.isUnseen("s", "a circle left of a square")).toBe(true);
  expect(scenes.isUnseen("s", "a square right of a circle")).toBe(true);
  expect(scenes.isUnseen("s", "a square left of a circle")).toBe(false);
});

describe("fetchShipped(files)", () => {
  const file = (bytes: number) => ({arrayBuffer: async () => new ArrayBuffer(bytes)});
  test("fetches a size once and hands both models over", async () => {
    const engine = fakeEngine({startTime: 0});
    const given: string[] = [];
    engine.provideShipped = async (size, model, bytes) => void given.push(`${size} ${model} ${bytes.byteLength}`);
    const files = {s: {dvae: file(1), prior: file(2)}, xs: {dvae: file(3), prior: file(4)}};
    const load = fetchShipped(files);
    await Promise.all([load(engine, "xs"), load(engine, "xs")]);
    expect(given).toEqual(["xs dvae 3", "xs prior 4"]);
  });
  test("after a failure the next call tries again", async () => {
    const engine = fakeEngine({startTime: 0});
    let broken = true;
    const flaky = {
      arrayBuffer: () => (broken ? Promise.reject(new TypeError("offline")) : Promise.resolve(new ArrayBuffer(1)))
    };
    const load = fetchShipped({s: {dvae: flaky, prior: flaky}, xs: {dvae: flaky, prior: flaky}});
    await expect(load(engine, "s")).rejects.toThrow("could not be fetched");
    broken = false;
    await load(engine, "s");
  });
});
