// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {tokenGrid} from "../../components/charts/tokenGrid.js";
import {counted, installCanvas, key, pixelsOf, placed, pointer} from "./dom.js";

beforeAll(installCanvas);

const patches = {shape: [3, 1, 1, 3], data: [10, 10, 10, 20, 20, 20, 30, 30, 30]};
const make = (tokens: readonly number[] = [0, 1, 2, -1]) =>
  tokenGrid({tokens, patches}, {rows: 2, columns: 2, label: "tokens"});
const cellsOf = (grid: Element) => [...grid.querySelectorAll<HTMLElement>("[role=gridcell]")];

describe("tokenGrid(data, options)", () => {
  test("draws each token's own patch; what is not drawn yet stays clear", () => {
    const pixels = pixelsOf(make().querySelector("canvas"));
    expect(pixels).toEqual([10, 10, 10, 255, 20, 20, 20, 255, 30, 30, 30, 255, 0, 0, 0, 0]);
  });

  test("patches of several pixels are put down whole", () => {
    const two = {shape: [2, 2, 2, 3], data: Array.from({length: 24}, (_, i) => i)};
    const grid = tokenGrid({tokens: [1, 0], patches: two}, {rows: 1, columns: 2, label: "tokens"});
    const red = pixelsOf(grid.querySelector("canvas")).filter((_, i) => i % 4 === 0);
    expect(red).toEqual([12, 15, 0, 3, 18, 21, 6, 9]);
  });

  test("each cell says where it is and what it holds", () => {
    const labels = cellsOf(make()).map((cell) => cell.getAttribute("aria-label"));
    expect(labels[2]).toBe("row 2, column 1: code 2");
    expect(labels[3]).toBe("row 2, column 2: not drawn yet");
  });

  test("a click chooses, another lets go", () => {
    const grid = make();
    const changes = counted(grid, "change");
    cellsOf(grid)[1]!.click();
    expect(grid.value).toBe(1);
    expect(cellsOf(grid)[1]!.getAttribute("aria-selected")).toBe("true");
    cellsOf(grid)[1]!.click();
    expect(grid.value).toBeNull();
    expect(changes()).toBe(2);
  });

  test("arrow keys move the choice and stop at the edges", () => {
    const grid = make();
    document.body.append(grid);
    const cells = cellsOf(grid);
    key(cells[0]!, "ArrowRight");
    expect(grid.value).toBe(1);
    expect(document.activeElement).toBe(cells[1]);
    key(cells[1]!, "ArrowDown");
    expect(grid.value).toBe(3);
    key(cells[3]!, "ArrowDown");
    expect(grid.value).toBe(3);
    key(cells[3]!, "Home");
    expect(grid.value).toBe(2);
    key(cells[2]!, "Escape");
    expect(grid.value).toBeNull();
    grid.remove();
  });

  test("one cell can be reached by Tab", () => {
    const grid = make();
    cellsOf(grid)[2]!.click();
    expect(cellsOf(grid).map((cell) => cell.tabIndex)).toEqual([-1, -1, 0, -1]);
  });

  test("pointing shows a position without choosing it", () => {
    const grid = make();
    const events = counted(grid);
    const table = grid.querySelector("[role=grid]")!;
    placed(table, 100, 100);
    pointer(table, "pointermove", 75, 25);
    expect(grid.value).toBe(1);
    expect(grid.chosen).toBeNull();
    pointer(table, "pointermove", 80, 30); // the same cell
    pointer(table, "pointerleave", 0, 0);
    expect(grid.value).toBeNull();
    expect(events()).toBe(2);
  });

  test("the frontier is outlined unless another position is chosen", () => {
    const grid = make();
    const mark = grid.querySelector(".mark")!;
    expect(mark.getAttribute("display")).toBe("none");
    grid.update({tokens: [0, 1, -1, -1], patches, frontier: 1});
    expect([mark.getAttribute("display"), mark.getAttribute("x"), mark.getAttribute("y")]).toEqual([null, "1", "0"]);
    grid.chosen = 2;
    expect([mark.getAttribute("x"), mark.getAttribute("y")]).toEqual(["0", "1"]);
  });

  test("veil(seen) veils what is not seen", () => {
    const grid = make();
    const veiled = () => cellsOf(grid).map((cell) => cell.classList.contains("veiled"));
    grid.veil((position) => position < 2);
    expect(veiled()).toEqual([false, false, true, true]);
    grid.veil(null);
    expect(veiled()).toEqual([false, false, false, false]);
  });
});
