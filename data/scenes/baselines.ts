// What a score is worth is seen beside two answers that need no model of how attributes go together.

import type {Stream} from "../random.js";
import {type DatasetName, type Scene, type SceneObject, vocabularies} from "./grammar.js";
import {drawJitter} from "./jitter.js";
import {paintScene} from "./render.js";
import {type Example, example, trainSize} from "./splits.js";

/** Answers a caption with the training image whose caption shares most words with it. */
export class NearestCaption {
  readonly size: number;
  readonly #dataset: DatasetName;
  readonly #sizes: Uint16Array;
  /** Which training captions hold a word. */
  readonly #places = new Map<string, number[]>();
  #read = 0;

  /** Reads the first so many training captions; a page begins with none and calls `prepare`. */
  constructor(dataset: DatasetName, count = trainSize(dataset)) {
    this.#dataset = dataset;
    this.size = trainSize(dataset);
    this.#sizes = new Uint16Array(this.size);
    this.prepare(count);
  }

  /** Reads the next so many training captions (about 0.1 ms each); true when none are left. */
  prepare(count: number): boolean {
    const end = Math.min(this.size, this.#read + count);
    for (; this.#read < end; ++this.#read) {
      const words = wordsOf(example(this.#dataset, "train", this.#read).caption);
      this.#sizes[this.#read] = words.size;
      for (const word of words) {
        const places = this.#places.get(word);
        if (places === undefined) this.#places.set(word, [this.#read]);
        else places.push(this.#read);
      }
    }
    return this.#read === this.size;
  }

  /** Of those read so far, the example with the largest share of common words (Jaccard); of equals, the first. */
  find(caption: string): Example {
    const words = wordsOf(caption);
    const common = new Uint16Array(this.#read);
    for (const word of words) for (const i of this.#places.get(word) ?? []) common[i]! += 1;
    let best = 0;
    let most = -1;
    common.forEach((shared, i) => {
      const share = shared / (words.size + this.#sizes[i]! - shared);
      if (share > most) [best, most] = [i, share];
    });
    return example(this.#dataset, "train", best);
  }
}

/**
 * An image whose every attribute is drawn by itself, as often as training shows it, whatever the caption says: what
 * chance alone scores. Each attribute of each object is that of another training example with as many objects.
 */
export function marginalImage(dataset: DatasetName, objects: 1 | 2, stream: Stream): Uint8Array {
  const draw = (): Scene => {
    for (;;) {
      const {scene} = example(dataset, "train", stream.int(trainSize(dataset)));
      if (scene.objects.length === objects) return scene;
    }
  };
  const {relation, background, objects: placed} = draw();
  const object = ({place}: SceneObject): SceneObject => {
    const other = () => stream.pick(draw().objects);
    return {
      shape: other().shape,
      colour: other().colour,
      texture: other().texture,
      size: other().size,
      face: other().face,
      place
    };
  };
  const scene: Scene = {relation, background, objects: placed.map(object)};
  const {pixels} = vocabularies[dataset];
  return paintScene(scene, pixels, drawJitter(scene, pixels, stream));
}

function wordsOf(caption: string): Set<string> {
  return new Set(caption.split(/[ ,]+/).filter((word) => word !== ""));
}
