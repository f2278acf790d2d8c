// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {imageGrid} from "../../components/charts/imageGrid.js";
import {pixelImage} from "../../components/charts/pixelImage.js";
import {pixelPad} from "../../components/charts/pixelPad.js";
import {counted, installCanvas, key, pixelsOf, placed, pointer} from "./dom.js";

beforeAll(installCanvas);

/** Two images of 2 × 2 pixels; the numbers say which. */
const images = {shape: [2, 2, 2, 3], data: Array.from({length: 24}, (_, i) => i)};
const red = (canvas: Element | null) => pixelsOf(canvas).filter((_, i) => i % 4 === 0);

describe("pixelImage(data, options)", () => {
  test("shows the image of the index, and says what it is", () => {
    const node = pixelImage({images, index: 1, label: "a red star"});
    const canvas = node.querySelector("canvas")!;
    expect([canvas.width, canvas.height]).toEqual([2, 2]);
    expect(red(canvas)).toEqual([12, 15, 18, 21]);
    expect(canvas.getAttribute("aria-label")).toBe("a red star");
  });

  test("with a part, cells that are not drawn yet are clear", () => {
    const node = pixelImage({images, label: "", part: {grid: 2, drawn: 3}});
    expect(pixelsOf(node.querySelector("canvas")).filter((_, i) => i % 4 === 3)).toEqual([255, 255, 255, 0]);
  });

  test("the token grid is there on demand", () => {
    const node = pixelImage({images, label: ""}, {grid: 2});
    const lines = node.querySelector(".grid-lines")!;
    expect(lines.classList.contains("shown")).toBe(false);
    node.showGrid(true);
    expect(lines.classList.contains("shown")).toBe(true);
    expect(lines.querySelector("path")!.getAttribute("d")).toBe("M0 1H2M1 0V2");
  });

  test("pixels of another shape, or an index out of range, are refused", () => {
    const wrong = {shape: [2, 2, 3], data: new Uint8Array(12)};
    expect(() => pixelImage({images: wrong, label: ""})).toThrow("expected images of shape [n, height, width, 3]");
    expect(() => pixelImage({images, index: 2, label: ""})).toThrow("expected an index below 2, got 2");
  });
});

describe("imageGrid(data, options)", () => {
  test("a row a label, empty where there is no image", () => {
    const node = imageGrid(
      {
        rows: [
          {label: "image", images},
          {label: "hard", images: null}
        ]
      },
      {columns: 3}
    );
    const labels = [...node.querySelectorAll(".row-label")].map((label) => label.textContent);
    const empty = [...node.querySelectorAll(".pixel-image")].map((image) => image.classList.contains("empty"));
    expect(labels).toEqual(["image", "hard"]);
    expect(empty).toEqual([false, false, true, true, true, true]);
  });

  test("update(data) keeps the images' elements", () => {
    const node = imageGrid({rows: [{label: "image", images: null}], notes: ["a", "b"]}, {columns: 2});
    const before = node.querySelector("canvas");
    node.update({rows: [{label: "image", images}], notes: ["a", "c"]});
    expect(node.querySelector("canvas")).toBe(before);
    expect(node.textContent).toBe("imageac");
    expect(before!.getAttribute("aria-label")).toBe("image: a");
  });
});

describe("pixelPad(options)", () => {
  const palette = [
    {name: "sand", colour: [250, 240, 218]},
    {name: "red", colour: [226, 56, 60]},
    {name: "blue", colour: [62, 104, 226]}
  ] as const;
  const make = () => pixelPad({size: 4, palette, label: "Draw"});
  const at = (pad: ReturnType<typeof make>, i: number) => [...pad.value.data.slice(i * 3, i * 3 + 3)];

  test("starts with the ground and gives pixels [1, n, n, 3]", () => {
    const pad = make();
    expect(pad.value.shape).toEqual([1, 4, 4, 3]);
    expect(at(pad, 0)).toEqual([250, 240, 218]);
  });

  test("a stroke has no gaps, in the brush's colour", () => {
    const pad = make();
    const events = counted(pad);
    const surface = pad.querySelector<HTMLElement>(".pad-surface")!;
    placed(surface, 4, 4);
    surface.setPointerCapture = () => {};
    surface.hasPointerCapture = () => true;
    pad.querySelectorAll<HTMLButtonElement>(".swatch")[1]!.click();
    pointer(surface, "pointerdown", 0.5, 0.5);
    pointer(surface, "pointermove", 3.5, 3.5);
    expect([0, 5, 10, 15].map((i) => at(pad, i))).toEqual(Array(4).fill([226, 56, 60]));
    expect(at(pad, 1)).toEqual([250, 240, 218]);
    expect(events()).toBe(2);
  });

  test("arrow keys move a cursor that Space paints at", () => {
    const pad = make();
    const surface = pad.querySelector(".pad-surface")!;
    key(surface, "ArrowUp");
    key(surface, "ArrowLeft");
    key(surface, " ");
    const painted = Array.from({length: 16}, (_, i) => i).filter((i) => at(pad, i)[0] === 62);
    expect(painted).toEqual([5]);
  });

  test("clear, and an image put in", () => {
    const pad = make();
    pad.value = {shape: [1, 4, 4, 3], data: new Uint8Array(48).fill(7)};
    expect(at(pad, 9)).toEqual([7, 7, 7]);
    const clear = [...pad.querySelectorAll("button")].find((button) => button.textContent === "Clear")!;
    clear.click();
    expect(at(pad, 9)).toEqual([250, 240, 218]);
    expect(() => {
      pad.value = {shape: [1, 2, 2, 3], data: new Uint8Array(12)};
    }).toThrow("expected 48 bytes, got 12");
  });
});
