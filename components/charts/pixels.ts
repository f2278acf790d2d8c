// Small images on 2D canvases, one canvas pixel for each image pixel: the style sheet enlarges them without smoothing.

import {imageShape, type NumberArray} from "./chart.js";

/** The first `drawn` cells, in raster order, of a square grid over an image. */
export interface Part {
  readonly grid: number;
  readonly drawn: number;
}

/**
 * Draws image `index` of uint8 [n, height, width, 3] on the canvas, which takes its size. With `part`, what is outside
 * those cells is left clear.
 */
export function paintImage(canvas: HTMLCanvasElement, images: NumberArray, index: number, part?: Part): void {
  const {count, height, width} = imageShape(images, "paintImage");
  if (index < 0 || index >= count) throw new Error(`paintImage: expected an index below ${count}, got ${index}`);
  const context = sized(canvas, width, height);
  if (context === null) return;
  const pixels = context.createImageData(width, height);
  copyRgb(images.data, index * width * height * 3, pixels.data, width * height);
  if (part !== undefined && part.drawn < part.grid * part.grid) clearAfter(pixels, part);
  context.putImageData(pixels, 0, 0);
}

function clearAfter({data, width, height}: ImageData, {grid, drawn}: Part): void {
  for (let i = 0; i < width * height; ++i) {
    const row = Math.floor((Math.floor(i / width) * grid) / height);
    const column = Math.floor(((i % width) * grid) / width);
    if (row * grid + column >= drawn) data[i * 4 + 3] = 0;
  }
}

/** Draws a grid of codes with each code's own patch (uint8 [K, p, p, 3]); codes below 0 are left clear. */
export function paintTokens(
  canvas: HTMLCanvasElement,
  tokens: ArrayLike<number>,
  columns: number,
  patches: NumberArray
): void {
  const {count, height: side} = imageShape(patches, "paintTokens");
  const rows = Math.ceil(tokens.length / columns);
  const context = sized(canvas, columns * side, rows * side);
  if (context === null) return;
  const pixels = context.createImageData(columns * side, rows * side);
  for (let i = 0; i < tokens.length; ++i) {
    const code = tokens[i] as number;
    if (code < 0 || code >= count) continue;
    const left = (i % columns) * side;
    const top = Math.floor(i / columns) * side;
    for (let y = 0; y < side; ++y) {
      const from = (code * side + y) * side * 3;
      const to = ((top + y) * columns * side + left) * 4;
      copyRgb(patches.data, from, pixels.data.subarray(to), side);
    }
  }
  context.putImageData(pixels, 0, 0);
}

function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return canvas.getContext("2d");
}

function copyRgb(from: ArrayLike<number>, start: number, to: Uint8ClampedArray, count: number): void {
  for (let i = 0, j = start; i < count; ++i, j += 3) {
    to[i * 4] = from[j] as number;
    to[i * 4 + 1] = from[j + 1] as number;
    to[i * 4 + 2] = from[j + 2] as number;
    to[i * 4 + 3] = 255;
  }
}
