// One small image, enlarged without smoothing, with its token grid on demand.

import type {Chart, NumberArray} from "./chart.js";
import {element, setAttributes} from "./dom.js";
import {gridLines} from "./gridLines.js";
import {type Part, paintImage} from "./pixels.js";

export interface PixelImageData {
  /** uint8 [n, height, width, 3]; null leaves the place empty. */
  readonly images: NumberArray | null;
  readonly index?: number;
  /** Show only the cells drawn so far. */
  readonly part?: Part;
  /** What the image shows, for those who do not see it. */
  readonly label: string;
}

export interface PixelImageOptions {
  /** Sides of the token grid to draw over the image; none if absent. */
  readonly grid?: number;
}

export interface PixelImage extends Chart<PixelImageData> {
  /** Outlines this position of the grid, or none. */
  mark(position: number | null): void;
  showGrid(shown: boolean): void;
}

export function pixelImage(data: PixelImageData, {grid}: PixelImageOptions = {}): PixelImage {
  const canvas = element("canvas", {class: "pixels", width: 1, height: 1, role: "img"});
  const lines = grid === undefined ? null : gridLines(grid, grid);
  const node = element("div", {class: "pixel-image"}, canvas, lines);
  function update({images, index = 0, label, part}: PixelImageData): void {
    setAttributes(canvas, {"aria-label": label});
    node.classList.toggle("empty", images === null);
    if (images !== null) paintImage(canvas, images, index, part);
  }
  update(data);
  return Object.assign(node, {
    update,
    mark: (position: number | null) => lines?.mark(position),
    showGrid: (shown: boolean) => lines?.classList.toggle("shown", shown)
  });
}
