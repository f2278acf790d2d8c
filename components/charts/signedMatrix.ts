// A matrix of numbers of both signs as shades of two colours, all on one scale that is given.

import type {Chart, NumberArray} from "./chart.js";
import {colourOf, onScheme} from "./colour.js";
import {element} from "./dom.js";

export interface SignedMatrixData {
  /** Shape [rows, columns]; null until known. */
  readonly matrix: NumberArray | null;
  /** What has the full shade. */
  readonly scale: number;
  /** A few words below. */
  readonly note: string;
}

export function signedMatrix(title: string): Chart<SignedMatrixData> {
  const canvas = element("canvas", {class: "pixels", width: 1, height: 1, role: "img"});
  const note = element("p", {class: "chart-note"});
  const node = element("div", {class: "signed-matrix"}, element("p", {class: "chart-title"}, title), canvas, note);
  let shown: SignedMatrixData = {matrix: null, scale: 1, note: "not looked at yet"};

  function draw(): void {
    const {matrix, scale, note: words} = shown;
    note.textContent = words;
    canvas.setAttribute("aria-label", `${title}: ${words}`);
    const [rows = 1, columns = 1] = matrix?.shape ?? [];
    canvas.width = columns;
    canvas.height = rows;
    const context = canvas.getContext("2d");
    if (context === null || matrix === null) return;
    const [plus, minus] = [colourOf(node, "--decoder"), colourOf(node, "--encoder")];
    const pixels = context.createImageData(columns, rows);
    for (let i = 0; i < rows * columns; ++i) {
      const value = matrix.data[i]!;
      // The root: most entries are small, and shall be seen.
      const strength = Math.min(1, Math.sqrt(Math.abs(value) / scale));
      pixels.data.set([...(value > 0 ? plus : minus), Math.round(255 * strength)], i * 4);
    }
    context.putImageData(pixels, 0, 0);
  }
  draw();
  onScheme(draw);
  return Object.assign(node, {
    update(next: SignedMatrixData) {
      shown = next;
      draw();
    }
  });
}
