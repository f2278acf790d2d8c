// h × w image tokens, each drawn as its own patch; a position can be pointed at, chosen and stepped through by arrows.

import type {Chart, NumberArray} from "./chart.js";
import {changed, element, extend, setAttributes} from "./dom.js";
import {gridLines} from "./gridLines.js";
import {paintTokens} from "./pixels.js";

export interface TokenGridData {
  /** Codes in raster order; −1 where none has been drawn yet. */
  readonly tokens: ArrayLike<number>;
  /** What each code looks like: uint8 [K, p, p, 3]; null until known. */
  readonly patches: NumberArray | null;
  /** The position drawn last, outlined when no other is chosen. */
  readonly frontier?: number | null;
}

export interface TokenGridOptions {
  readonly rows: number;
  readonly columns: number;
  readonly label: string;
}

/** Emits "input" when the position shown changes, and "change" when one is chosen by click or Enter. */
export interface TokenGrid extends Chart<TokenGridData> {
  /** Draws a line below the first so many rows; 0 draws none. */
  underline(rows: number): void;
  /** Veils the positions for which this is false; null veils none. */
  veil(seen: ((position: number) => boolean) | null): void;
  /** The position under the pointer, else the chosen one, else null. */
  readonly value: number | null;
  /** The position chosen by click or keys; set to choose. */
  chosen: number | null;
}

export function tokenGrid(data: TokenGridData, {rows, columns, label}: TokenGridOptions): TokenGrid {
  const canvas = element("canvas", {class: "pixels", width: columns, height: rows, "aria-hidden": true});
  const lines = gridLines(rows, columns);
  lines.classList.add("shown");
  const cells = Array.from({length: rows * columns}, () => element("div", {role: "gridcell", tabindex: -1}));
  const table = element(
    "div",
    {role: "grid", "aria-label": label, class: "cells"},
    ...Array.from({length: rows}, (_, row) =>
      element("div", {role: "row"}, ...cells.slice(row * columns, (row + 1) * columns))
    )
  );
  table.style.setProperty("--columns", String(columns));
  const node = element("div", {class: "token-grid"}, canvas, lines, table);
  node.style.aspectRatio = `${columns} / ${rows}`;
  let hovered: number | null = null;
  let chosen: number | null = null;
  let frontier: number | null = null;
  let entry = 0; // the cell that Tab reaches
  let tokens: ArrayLike<number> = [];

  function show(): void {
    lines.mark(hovered ?? chosen ?? frontier);
  }
  function describe(): void {
    for (const [i, cell] of cells.entries()) {
      const code = tokens[i] ?? -1;
      const place = `row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}`;
      const text = `${place}: ${code < 0 ? "not drawn yet" : `code ${code}`}`;
      if (cell.getAttribute("aria-label") !== text) cell.setAttribute("aria-label", text);
    }
  }
  function hover(position: number | null): void {
    if (position === hovered) return;
    hovered = position;
    show();
    changed(node);
  }
  function choose(position: number | null, notify: boolean): void {
    setAttributes(cells[entry]!, {tabindex: -1});
    for (const [i, cell] of cells.entries()) setAttributes(cell, {"aria-selected": i === position ? "true" : null});
    chosen = position;
    entry = position ?? entry;
    setAttributes(cells[entry]!, {tabindex: 0});
    show();
    if (notify) changed(node);
  }
  const indexOf = (target: EventTarget | null) => cells.indexOf(target as HTMLDivElement);

  table.addEventListener("pointermove", (event) => {
    const {left, top, width, height} = table.getBoundingClientRect();
    if (width === 0 || event.pointerType === "touch") return;
    const column = Math.floor(((event.clientX - left) / width) * columns);
    const row = Math.floor(((event.clientY - top) / height) * rows);
    const inside = column >= 0 && column < columns && row >= 0 && row < rows;
    hover(inside ? row * columns + column : null);
  });
  table.addEventListener("pointerleave", () => hover(null));
  table.addEventListener("click", (event) => {
    const position = indexOf(event.target);
    if (position < 0) return;
    choose(position === chosen ? null : position, true);
    changed(node, "change");
  });
  table.addEventListener("focusin", (event) => {
    const position = indexOf(event.target);
    // Focus by keyboard chooses; a click's focus comes before the click, which then decides.
    if (position >= 0 && (event.target as Element).matches(":focus-visible")) choose(position, true);
  });
  table.addEventListener("keydown", (event) => {
    const position = indexOf(event.target);
    if (position < 0) return;
    const next = moved(position, event.key);
    if (next !== null) {
      event.preventDefault();
      choose(next, true);
      cells[next]!.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(position, true);
      changed(node, "change");
    } else if (event.key === "Escape") choose(null, true);
  });
  function moved(position: number, key: string): number | null {
    const row = Math.floor(position / columns);
    const column = position % columns;
    if (key === "ArrowRight") return Math.min(position + 1, rows * columns - 1);
    if (key === "ArrowLeft") return Math.max(position - 1, 0);
    if (key === "ArrowDown") return row + 1 < rows ? position + columns : position;
    if (key === "ArrowUp") return row > 0 ? position - columns : position;
    if (key === "Home") return position - column;
    if (key === "End") return position - column + columns - 1;
    return null;
  }
  function update(next: TokenGridData): void {
    tokens = next.tokens;
    frontier = next.frontier ?? null;
    if (next.patches !== null) paintTokens(canvas, tokens, columns, next.patches);
    describe();
    show();
  }
  update(data);
  choose(null, false);
  return extend(node, {
    update,
    underline: (count: number) => lines.underline(count),
    veil(seen: ((position: number) => boolean) | null) {
      for (const [i, cell] of cells.entries()) cell.classList.toggle("veiled", seen !== null && !seen(i));
    },
    get value() {
      return hovered ?? chosen;
    },
    get chosen() {
      return chosen;
    },
    set chosen(position: number | null) {
      choose(position, false);
    }
  });
}
