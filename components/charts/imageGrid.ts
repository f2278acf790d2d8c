// Images in rows, each enlarged without smoothing, with a label to a row and a note below each column.

import type {Chart, NumberArray} from "./chart.js";
import {element, setAttributes} from "./dom.js";
import {type PixelImage, pixelImage} from "./pixelImage.js";

export interface ImageRow {
  readonly label: string;
  /** The symbol's name that the label stands for, so that pointing at one lights the other. */
  readonly symbol?: string;
  /** uint8 [n, height, width, 3]; null until known. */
  readonly images: NumberArray | null;
}

export interface ImageGridData {
  readonly rows: readonly ImageRow[];
  /** Under the columns, e.g. captions. */
  readonly notes?: readonly string[];
}

export interface ImageGridOptions {
  readonly columns: number;
  /** Sides of a token grid to draw over each image. */
  readonly grid?: number;
}

export interface ImageGrid extends Chart<ImageGridData> {
  /** Draws the token grid over the images, or takes it away. */
  showGrid(shown: boolean): void;
}

export function imageGrid(data: ImageGridData, {columns, grid}: ImageGridOptions): ImageGrid {
  const node = element("div", {class: "image-grid"});
  node.style.setProperty("--columns", String(columns));
  let cells: PixelImage[][] = [];
  let labels: HTMLElement[] = [];
  let notes: HTMLElement[] = [];

  function build(rows: number, withNotes: boolean): void {
    labels = Array.from({length: rows}, () => element("span", {class: "row-label"}));
    cells = labels.map(() =>
      Array.from({length: columns}, () => pixelImage({images: null, label: ""}, grid === undefined ? {} : {grid}))
    );
    notes = withNotes ? Array.from({length: columns}, () => element("span", {class: "column-note"})) : [];
    const body = cells.flatMap((row, i) => [labels[i]!, ...row]);
    node.replaceChildren(...body, ...(withNotes ? [element("span"), ...notes] : []));
  }
  function update(next: ImageGridData): void {
    const wanted = next.notes !== undefined;
    if (cells.length !== next.rows.length || wanted !== notes.length > 0) build(next.rows.length, wanted);
    for (const [i, {label, symbol, images}] of next.rows.entries()) {
      labels[i]!.textContent = label;
      setAttributes(labels[i]!, {"data-symbol": symbol});
      const count = images?.shape[0] ?? 0;
      for (const [j, cell] of cells[i]!.entries()) {
        const name = next.notes?.[j] ?? `image ${j + 1}`;
        cell.update({images: j < count ? images : null, index: j, label: `${label}: ${name}`});
      }
    }
    for (const [j, note] of notes.entries()) note.textContent = next.notes?.[j] ?? "";
  }
  update(data);
  return Object.assign(node, {
    update,
    showGrid(shown: boolean) {
      for (const cell of cells.flat()) cell.showGrid(shown);
    }
  });
}
