// What jsdom lacks for charts: 2D canvases (here they keep their pixels), and a place for snapshots of SVG.

import {expect} from "vitest";

const pixels = new WeakMap<HTMLCanvasElement, Uint8ClampedArray>();

/** Gives every canvas of the test's document a context that keeps what putImageData puts. */
export function installCanvas(): void {
  const context = function (this: HTMLCanvasElement) {
    return {
      createImageData: (width: number, height: number) => ({
        width,
        height,
        data: new Uint8ClampedArray(width * height * 4)
      }),
      putImageData: (image: {data: Uint8ClampedArray}) => pixels.set(this, image.data)
    };
  };
  HTMLCanvasElement.prototype.getContext = context as unknown as HTMLCanvasElement["getContext"];
}

/** What has been drawn: rgba, four numbers a pixel. */
export function pixelsOf(canvas: Element | null): number[] {
  const data = pixels.get(canvas as HTMLCanvasElement);
  if (data === undefined) throw new Error("pixelsOf: expected a canvas on which something was drawn");
  return Array.from(data);
}

/** Compares an SVG with test/charts/snapshots/name.svg. */
export async function expectSvg(node: Element, name: string): Promise<void> {
  const svg = node.querySelector("svg")!.cloneNode(true) as Element;
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  await expect(`${svg.outerHTML.replaceAll("><", ">\n<")}\n`).toMatchFileSnapshot(`snapshots/${name}.svg`);
}

export function key(target: Element, name: string): void {
  target.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
}

/** Counts the events of a type that reach a node. */
export function counted(node: Element, type = "input"): () => number {
  let count = 0;
  node.addEventListener(type, () => {
    count += 1;
  });
  return () => count;
}

/** jsdom knows no PointerEvent: a mouse event under that name, at a place. */
export function pointer(target: Element, type: string, x: number, y: number): void {
  target.dispatchEvent(
    Object.assign(new MouseEvent(type, {clientX: x, clientY: y, bubbles: true, cancelable: true}), {
      pointerId: 1,
      pointerType: "mouse"
    })
  );
}

/** Gives a node a place on the page, which jsdom does not lay out. */
export function placed(node: Element, width: number, height: number): void {
  node.getBoundingClientRect = () =>
    ({left: 0, top: 0, width, height, right: width, bottom: height, x: 0, y: 0, toJSON: () => ""}) as DOMRect;
}
