// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {pairMatrix} from "../../components/charts/pairMatrix.js";
import {rankedImages, tilesOf} from "../../components/charts/rankedImages.js";
import {counted, installCanvas, key, pixelsOf, placed, pointer} from "./dom.js";

beforeAll(installCanvas);

const images = {shape: [2, 16, 16, 3], data: new Uint8Array(2 * 16 * 16 * 3).fill(0, 0, 768).fill(200, 768)};
const tiles = (count: number) =>
  Array.from({length: count}, (_, i) => ({images, index: i % 2, marked: i === 1, label: `place ${i + 1}`}));

describe("tilesOf(count, columns, room)", () => {
  test.each([1, 2, 7, 32, 100, 512])("%d tiles fit, as large as they can be", (count) => {
    const room = {width: 400, height: 150, most: 56};
    const {columns, rows, side, step} = tilesOf(count, count, room);
    expect(columns * rows).toBeGreaterThanOrEqual(count);
    expect(columns * side).toBeLessThanOrEqual(room.width + 1e-9);
    expect(rows * step).toBeLessThanOrEqual(room.height + 1e-9);
    // one column fewer or more allows no larger tile
    for (const other of [columns - 1, columns + 1].filter((n) => n > 0)) {
      const tall = step / side;
      const there = Math.min(room.most, room.width / other, room.height / Math.ceil(count / other) / tall);
      expect(side).toBeGreaterThanOrEqual(there - 1e-9);
    }
  });
});

describe("rankedImages(data, options)", () => {
  test("draws each image in its place, with a bar below the marked ones", () => {
    const chart = rankedImages(tiles(2), {label: "candidates", height: 150});
    const canvas = chart.querySelector("canvas")!;
    expect([canvas.width, canvas.height]).toEqual([2 * 18, 20]);
    const pixels = pixelsOf(canvas);
    const at = (x: number, y: number) => pixels.slice((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 4);
    expect(at(0, 0)).toEqual([0, 0, 0, 255]);
    expect(at(18, 15)).toEqual([200, 200, 200, 255]);
    expect(at(0, 16)[3]).toBe(0);
    expect(at(18, 16)[3]).toBe(255);
  });

  test("the pointer shows one, a click and the arrows choose one, Escape none", () => {
    const chart = rankedImages(tiles(5), {label: "candidates", height: 60});
    const inputs = counted(chart);
    const handle = chart.querySelector("[role=slider]")!;
    placed(handle, 280, 60);
    pointer(handle, "pointermove", 60, 10);
    expect(chart.value).toBe(1);
    pointer(handle, "pointerleave", 60, 10);
    expect(chart.value).toBeNull();
    handle.dispatchEvent(new MouseEvent("click", {clientX: 120, clientY: 10, bubbles: true}));
    expect(chart.value).toBe(2);
    key(handle, "ArrowRight");
    expect(handle.getAttribute("aria-valuetext")).toBe("place 4");
    key(handle, "End");
    expect(chart.value).toBe(4);
    key(handle, "ArrowRight");
    expect(chart.value).toBe(4);
    key(handle, "Escape");
    expect(chart.value).toBeNull();
    expect(inputs()).toBe(7);
    chart.update([]);
    expect(handle.getAttribute("aria-valuetext")).toBe("nothing yet");
  });
});

describe("pairMatrix(data, options)", () => {
  const data = {
    captions: ["one", "two"],
    images,
    values: [0.9, 0.1, 0.3, 0.7],
    strength: (v: number) => v,
    write: (v: number) => String(Math.round(100 * v))
  };

  test("a row for each caption, a column for each image; what belongs together is framed", () => {
    const chart = pairMatrix(data, {label: "pairs"});
    const cells = [...chart.querySelectorAll("[role=gridcell]")];
    expect(cells.map((cell) => cell.textContent)).toEqual(["90", "10", "30", "70"]);
    expect(cells.map((cell) => cell.classList.contains("match"))).toEqual([true, false, false, true]);
    expect(cells[2]!.getAttribute("aria-label")).toBe("caption 2, image 1: 30");
    expect(chart.querySelectorAll("[role=rowheader]")[1]!.textContent).toBe("two");
  });

  test("arrows go from cell to cell and stay inside; other data keep the place", () => {
    const chart = pairMatrix(data, {label: "pairs"});
    document.body.append(chart);
    const cells = [...chart.querySelectorAll<HTMLElement>("[role=gridcell]")];
    key(cells[0]!, "ArrowDown");
    expect(chart.value).toEqual({row: 1, column: 0});
    key(cells[2]!, "ArrowDown");
    expect(chart.value).toEqual({row: 1, column: 0});
    key(cells[2]!, "End");
    expect(chart.value).toEqual({row: 1, column: 1});
    expect(cells.filter((cell) => cell.tabIndex === 0)).toEqual([cells[3]]);
    chart.update({...data, values: [0, 0, 0, 1]});
    expect(chart.value).toEqual({row: 1, column: 1});
    expect(cells[3]!.textContent).toBe("100");
    key(cells[3]!, "Escape");
    expect(chart.value).toBeNull();
    chart.remove();
  });
});
