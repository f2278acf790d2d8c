// Batches of a slice of the XS scenes, and what is in them: the page colours points by it, the worker trains on it.

import type {Stream} from "../../data/random.js";
import {type Example, example, trainSize} from "../../data/scenes/splits.js";
import type {ArrayPayload} from "./protocol.js";

/** All XS scenes, or those with their object at the top left. */
export type Slice = "all" | "topLeft";

/** What has been found of a slice's held-back scenes so far: looking for them renders all candidates. */
class HeldScenes {
  readonly #slice: Slice;
  readonly #found = new Map<string, Example>();
  #next = 0;

  constructor(slice: Slice) {
    this.#slice = slice;
  }

  first(count: number): Example[] {
    while (this.#found.size < count) {
      const one = example("xs", "iid", this.#next++);
      if (!belongs(one, this.#slice)) continue;
      const key = String.fromCharCode(...one.image());
      if (!this.#found.has(key)) this.#found.set(key, one);
    }
    return [...this.#found.values()].slice(0, count);
  }
}
const held = {all: new HeldScenes("all"), topLeft: new HeldScenes("topLeft")};

/** The first `count` held-back scenes of a slice, no picture twice: the same on the page as in the worker. */
export function heldScenes(slice: Slice, count: number): Example[] {
  return held[slice].first(count);
}

/** The attributes that a reader sees. */
export function attributesOf({scene}: Example): {shape: string; colour: string; background: string; place: string} {
  const {shape, colour, place} = scene.objects[0]!;
  const words = `${place.row === 0 ? "top" : "bottom"} ${place.column === 0 ? "left" : "right"}`;
  return {shape, colour, background: scene.background, place: words};
}

/** uint8 [n, 16, 16, 3]. */
export function imagesOf(examples: readonly Example[]): ArrayPayload {
  const data = new Uint8Array(examples.length * 16 * 16 * 3);
  examples.forEach((one, i) => {
    data.set(one.image(), i * 16 * 16 * 3);
  });
  return {shape: [examples.length, 16, 16, 3], data};
}

/** Training scenes of a slice in random order: which come at which step depends on the stream and the step alone. */
export class SceneSource {
  readonly #examples: readonly Example[];
  readonly #batchSize: number;
  readonly #order: Stream;
  readonly #images = new Map<number, Uint8Array>();
  #epoch = -1;
  #permutation: Uint32Array = new Uint32Array(0);

  constructor(slice: Slice, batchSize: number, order: Stream) {
    const all = Array.from({length: trainSize("xs")}, (_, i) => example("xs", "train", i));
    this.#examples = all.filter((one) => belongs(one, slice));
    this.#batchSize = batchSize;
    this.#order = order;
  }

  /** Rows [from, to) of this step's batch, uint8 [n, 16, 16, 3]. */
  at(step: number, from = 0, to = this.#batchSize): ArrayPayload {
    const data = new Uint8Array((to - from) * 16 * 16 * 3);
    for (let i = from; i < to; ++i) {
      data.set(this.#image(this.#place(step * this.#batchSize + i)), (i - from) * 16 * 16 * 3);
    }
    return {shape: [to - from, 16, 16, 3], data};
  }

  #place(n: number): number {
    const size = this.#examples.length;
    const epoch = Math.floor(n / size);
    if (epoch !== this.#epoch) {
      this.#permutation = this.#order.child("epoch", epoch).permutation(size);
      this.#epoch = epoch;
    }
    return this.#permutation[n % size]!;
  }

  #image(index: number): Uint8Array {
    const image = this.#images.get(index) ?? this.#examples[index]!.image();
    this.#images.set(index, image);
    return image;
  }
}

function belongs({scene}: Example, slice: Slice): boolean {
  const {row, column} = scene.objects[0]!.place;
  return slice === "all" || (row === 0 && column === 0);
}
