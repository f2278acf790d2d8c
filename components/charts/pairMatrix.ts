// Pairs of captions and images: a row for each caption, a column for each image, a shaded number for each pair. The
// pairs that belong together are framed. One cell can be pointed at.

import type {Chart, NumberArray} from "./chart.js";
import {changed, element, extend, setAttributes} from "./dom.js";
import {type PixelImage, pixelImage} from "./pixelImage.js";

export interface PairMatrixData {
  readonly captions: readonly string[];
  /** uint8 [n, height, width, 3], image j beside caption j. */
  readonly images: NumberArray | null;
  /** n × n, row-major. */
  readonly values: ArrayLike<number>;
  /** How strongly a value is shaded, from 0 to 1, and how it is written. */
  strength(value: number): number;
  write(value: number): string;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Emits "input" when another cell is pointed at; `value` is that, or null. */
export interface PairMatrix extends Chart<PairMatrixData> {
  readonly value: Cell | null;
}

export function pairMatrix(data: PairMatrixData, {label}: {readonly label: string}): PairMatrix {
  const table = element("div", {class: "pair-matrix", role: "grid", "aria-label": label});
  const node = element("div", {class: "pair-matrix-place"}, table);
  let pictures: PixelImage[] = [];
  let heads: HTMLElement[] = [];
  let cells: HTMLElement[] = [];
  let side = 0;
  let hovered: number | null = null;
  let chosen: number | null = null;
  let entry = 0; // the cell that Tab reaches

  function build(count: number): void {
    side = count;
    table.style.setProperty("--pairs", String(count));
    pictures = Array.from({length: count}, () => pixelImage({images: null, label: ""}));
    heads = Array.from({length: count}, () => element("div", {role: "rowheader", class: "pair-caption"}));
    cells = Array.from({length: count * count}, (_, i) => {
      const match = Math.floor(i / count) === i % count;
      return element("div", {role: "gridcell", class: match ? "match" : null, tabindex: i === 0 ? 0 : -1});
    });
    const top = element(
      "div",
      {role: "row"},
      element("div", {role: "columnheader", class: "corner", "aria-label": "captions below, images to the right"}),
      ...pictures.map((picture) => element("div", {role: "columnheader"}, picture))
    );
    const rows = heads.map((head, row) =>
      element("div", {role: "row"}, head, ...cells.slice(row * count, (row + 1) * count))
    );
    table.replaceChildren(top, ...rows);
    entry = 0;
    chosen = null;
    hovered = null;
  }
  function update(next: PairMatrixData): void {
    const {captions, images, values, strength, write} = next;
    if (captions.length !== side) build(captions.length);
    for (const [i, caption] of captions.entries()) {
      heads[i]!.textContent = caption;
      heads[i]!.title = caption;
      pictures[i]!.update({images, index: i, label: `image ${i + 1}: “${caption}”`});
    }
    for (const [i, cell] of cells.entries()) {
      const value = values[i] ?? 0;
      const text = write(value);
      const shade = Math.max(0, Math.min(1, strength(value)));
      cell.style.setProperty("--shade", `${Math.round(100 * shade)}%`);
      cell.classList.toggle("dark", shade > 0.5);
      if (cell.textContent !== text) cell.textContent = text;
      const {row, column} = cellAt(i);
      setAttributes(cell, {"aria-label": `caption ${row + 1}, image ${column + 1}: ${text}`});
    }
    mark();
  }
  function cellAt(index: number): Cell {
    return {row: Math.floor(index / side), column: index % side};
  }
  function mark(): void {
    const at = hovered ?? chosen;
    for (const [i, cell] of cells.entries()) cell.classList.toggle("pointed", i === at);
    for (const [i, head] of heads.entries()) {
      head.classList.toggle("pointed", at !== null && cellAt(at).row === i);
      pictures[i]!.classList.toggle("pointed", at !== null && cellAt(at).column === i);
    }
  }
  function point(index: number | null, by: "pointer" | "choice"): void {
    if (by === "pointer") {
      if (index === hovered) return;
      hovered = index;
    } else {
      if (index === chosen) return;
      setAttributes(cells[entry] ?? table, {tabindex: cells[entry] ? -1 : null});
      for (const [i, cell] of cells.entries()) setAttributes(cell, {"aria-selected": i === index ? "true" : null});
      chosen = index;
      entry = index ?? entry;
      setAttributes(cells[entry]!, {tabindex: 0});
    }
    mark();
    changed(node);
  }
  const indexOf = (target: EventTarget | null): number | null => {
    const index = cells.indexOf((target as Element).closest<HTMLElement>("[role=gridcell]")!);
    return index < 0 ? null : index;
  };
  table.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") point(indexOf(event.target), "pointer");
  });
  table.addEventListener("pointerleave", () => point(null, "pointer"));
  table.addEventListener("click", (event) => {
    const index = indexOf(event.target);
    if (index !== null) point(index === chosen ? null : index, "choice");
  });
  table.addEventListener("focusin", (event) => {
    const index = indexOf(event.target);
    if (index !== null && (event.target as Element).matches(":focus-visible")) point(index, "choice");
  });
  table.addEventListener("keydown", (event) => {
    const index = indexOf(event.target);
    if (index === null) return;
    const {row, column} = cellAt(index);
    const last = side - 1;
    const to: Record<string, Cell> = {
      ArrowRight: {row, column: Math.min(last, column + 1)},
      ArrowLeft: {row, column: Math.max(0, column - 1)},
      ArrowDown: {row: Math.min(last, row + 1), column},
      ArrowUp: {row: Math.max(0, row - 1), column},
      Home: {row, column: 0},
      End: {row, column: last}
    };
    const next = to[event.key];
    if (event.key === "Escape" && chosen !== null) point(null, "choice");
    else if (next === undefined) return;
    else {
      point(next.row * side + next.column, "choice");
      cells[next.row * side + next.column]!.focus();
    }
    event.preventDefault();
  });
  update(data);
  return extend(node, {
    update,
    get value() {
      const at = hovered ?? chosen;
      return at === null ? null : cellAt(at);
    }
  });
}
