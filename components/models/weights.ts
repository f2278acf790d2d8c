// Parameters before they are tensors: names, shapes, initial numbers.

import type {Stream} from "../../data/random.js";
import type {NamedArray} from "../tensor/index.js";

export type Shapes = ReadonlyMap<string, readonly number[]>;

export type Weights = Record<string, NamedArray>;

/** Normal numbers with the standard deviation that std gives for each name; 0 gives zeros. Each name has its own stream. */
export function fillWeights(
  shapes: Shapes,
  stream: Stream,
  std: (name: string, shape: readonly number[]) => number
): Weights {
  const weights: Weights = {};
  for (const [name, shape] of shapes) {
    const data = new Float32Array(sizeOf(shape));
    const scale = std(name, shape);
    if (scale !== 0) {
      stream.child(name).fillNormal(data);
      for (let i = 0; i < data.length; ++i) data[i]! *= scale;
    }
    weights[name] = {shape, data};
  }
  return weights;
}

/** How many numbers a model holds. */
export function parameterCount(shapes: Shapes): number {
  let count = 0;
  for (const shape of shapes.values()) count += sizeOf(shape);
  return count;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
