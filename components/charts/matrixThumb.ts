// A square matrix of numbers from 0 to 1 as a small picture that can be pressed; one row stands out.

import type {Chart} from "./chart.js";
import {colourOf} from "./colour.js";
import {element} from "./dom.js";

export interface MatrixThumbData {
  readonly length: number;
  /** Row-major. */
  readonly data: ArrayLike<number>;
  readonly row: number | null;
}

export type MatrixThumb = Chart<MatrixThumbData, HTMLButtonElement>;

export function matrixThumb(label: string): MatrixThumb {
  const canvas = element("canvas", {class: "pixels", width: 1, height: 1, "aria-hidden": true});
  const node = element("button", {type: "button", class: "matrix-thumb", "aria-label": label, title: label}, canvas);
  return Object.assign(node, {
    update({length, data, row}: MatrixThumbData): void {
      canvas.width = length;
      canvas.height = length;
      const context = canvas.getContext("2d");
      if (context === null) return;
      const [r, g, b] = colourOf(node, "--prior");
      const pixels = context.createImageData(length, length);
      for (let i = 0; i < length * length; ++i) {
        // The root: most weights are small, and shall be seen.
        const strength = Math.sqrt(data[i]!);
        const beside = row !== null && Math.floor(i / length) === row ? 40 : 0;
        pixels.data.set([r, g, b, Math.min(255, Math.round(255 * strength) + beside)], i * 4);
      }
      context.putImageData(pixels, 0, 0);
    }
  });
}
