// Batches of captioned scenes: which examples come at which step depends on the stream and the step alone, so that a
// resumed run goes on in the same order.

import type {Stream} from "../../data/random.js";
import type {DatasetName, Scene} from "../../data/scenes/grammar.js";
import {coloursAShape, showsKeptPairs} from "../../data/scenes/heldOut.js";
import {type Example, example, type Split, trainSize} from "../../data/scenes/splits.js";
import type {ArrayPayload} from "./protocol.js";

export interface Batch {
  /** uint8 [n, H, W, 3]. */
  readonly images: ArrayPayload;
  readonly captions: readonly string[];
  /** Places of the examples in their split. */
  readonly indices: readonly number[];
}

/** Rendered training images are kept: at most so many bytes. */
const cacheBytes = 64 * 2 ** 20;
/** The other splits have no end; the first so many examples are shuffled. */
const heldSize = 4096;

export class BatchSource {
  readonly #dataset: DatasetName;
  readonly #split: Split;
  readonly #batchSize: number;
  readonly #order: Stream;
  readonly #size: number;
  readonly #captions: boolean;
  /** Places of the examples that are used; null for all. */
  readonly #kept: readonly number[] | null;
  readonly #examples = new Map<number, Example>();
  readonly #images = new Map<number, Uint8Array>();
  #epoch = -1;
  #permutation: Uint32Array = new Uint32Array(0);

  /** captions: whether at() gives them; the dVAE needs none. keeps: which examples of the training set are used. */
  constructor(
    dataset: DatasetName,
    split: Split,
    batchSize: number,
    order: Stream,
    captions = true,
    keeps?: (scene: Scene) => boolean
  ) {
    this.#dataset = dataset;
    this.#split = split;
    this.#batchSize = batchSize;
    this.#order = order;
    this.#captions = captions;
    const size = split === "train" ? trainSize(dataset) : heldSize;
    this.#kept = keeps
      ? Array.from({length: size}, (_, index) => index).filter((index) => keeps(this.#example(index).scene))
      : null;
    this.#size = this.#kept?.length ?? size;
  }

  /** The batch of this step, or its rows [from, to). Every example comes once an epoch. */
  at(step: number, from = 0, to = this.#batchSize): Batch {
    const places = Array.from({length: to - from}, (_, i) => this.#place(step * this.#batchSize + from + i));
    const images = places.map(({index}) => this.#image(index));
    const side = Math.sqrt((images[0]?.length ?? 0) / 3);
    const data = new Uint8Array(images.length * side * side * 3);
    images.forEach((image, i) => {
      data.set(image, i * side * side * 3);
    });
    return {
      images: {shape: [images.length, side, side, 3], data},
      captions: this.#captions ? places.map((place) => this.#caption(place)) : [],
      indices: places.map(({index}) => index)
    };
  }

  /** All captions of this step's batch. */
  captions(step: number): string[] {
    return Array.from({length: this.#batchSize}, (_, i) => this.#caption(this.#place(step * this.#batchSize + i)));
  }

  #place(n: number): {index: number; epoch: number} {
    const epoch = Math.floor(n / this.#size);
    if (epoch !== this.#epoch) {
      this.#permutation = this.#order.child("epoch", epoch).permutation(this.#size);
      this.#epoch = epoch;
    }
    const index = this.#permutation[n % this.#size]!;
    return {index: this.#kept?.[index] ?? index, epoch};
  }

  /** A scene is described in other words in each epoch. */
  #caption({index, epoch}: {index: number; epoch: number}): string {
    return this.#example(index).captionFor(epoch);
  }

  #example(index: number): Example {
    let found = this.#examples.get(index);
    if (found === undefined) {
      found = example(this.#dataset, this.#split, index);
      this.#examples.set(index, found);
    }
    return found;
  }

  #image(index: number): Uint8Array {
    let image = this.#images.get(index);
    if (image === undefined) {
      image = this.#example(index).image();
      if (this.#images.size * image.length < cacheBytes) this.#images.set(index, image);
    }
    return image;
  }
}

/** The training examples of a recipe, without those whose pairs of colour and shape it takes away. */
export function trainingSource(
  {dataset, batchSize, coloursAShape: kept}: {dataset: DatasetName; batchSize: number; coloursAShape: number},
  order: Stream,
  captions = true
): BatchSource {
  const all = kept === coloursAShape(dataset);
  if (!(kept >= 1 && kept <= coloursAShape(dataset) && Number.isInteger(kept))) {
    throw new Error(`trainingSource: expected 1 to ${coloursAShape(dataset)} colours a shape, got ${kept}`);
  }
  const keeps = all ? undefined : (scene: Scene) => showsKeptPairs(dataset, scene, kept);
  return new BatchSource(dataset, "train", batchSize, order, captions, keeps);
}
