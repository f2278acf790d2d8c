// What every chart is: an element that can be given new data.

/** An element showing data, which `update` replaces in place. */
export type Chart<Data, Node extends Element = HTMLElement> = Node & {update(data: Data): void};

/** Numbers with a shape; images are uint8 [n, height, width, 3]. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The sizes of [n, height, width, 3] pixels. Throws on another shape. */
export function imageShape({shape}: NumberArray, caller: string): {count: number; height: number; width: number} {
  const [count, height, width, channels] = shape;
  if (shape.length !== 4 || channels !== 3 || count === undefined || height === undefined || width === undefined) {
    throw new Error(`${caller}: expected images of shape [n, height, width, 3], got [${shape.join(", ")}]`);
  }
  return {count, height, width};
}

/**
 * Draws an SVG chart at the width that its element has, and again when that changes. Without layout (on Node) it is
 * drawn once at the given width.
 */
export function drawAtWidth(node: HTMLElement, width: number, draw: (width: number) => void): () => void {
  let current = width;
  let frame = 0;
  draw(current);
  if (typeof ResizeObserver !== "undefined") {
    new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? 0);
      if (next === 0 || next === current) return;
      current = next;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => draw(current));
    }).observe(node);
  }
  return () => draw(current);
}
