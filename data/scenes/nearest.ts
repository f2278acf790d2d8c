// Which training image is nearest to a picture, by squared difference of pixels? Held beside a sample, it would show
// copying.
//
// Block sums bound the distance from below (Cauchy–Schwarz: Σd² over a block of n ≥ (Σd)²/n), so that only images whose
// bound is below the best distance so far need to be drawn in full.

import {type DatasetName, vocabularies} from "./grammar.js";
import {example, trainSize} from "./splits.js";

export interface Nearest {
  /** Its place in the training split. */
  readonly index: number;
  /** Root of the mean squared difference of channels, in [0, 255]. */
  readonly rmse: number;
  readonly image: Uint8Array;
  /** False if the search was cut short: another might be nearer still. */
  readonly exact: boolean;
}

/** Block sums of all training images (S: 15 MB), made piece by piece. */
export class NearestTraining {
  readonly size: number;
  readonly #dataset: DatasetName;
  readonly #pixels: number;
  readonly #block: number;
  readonly #length: number;
  readonly #sums: Uint16Array;
  #made = 0;

  constructor(dataset: DatasetName) {
    this.#dataset = dataset;
    this.#pixels = vocabularies[dataset].pixels;
    this.#block = this.#pixels / 8;
    this.#length = 8 * 8 * 3;
    this.size = trainSize(dataset);
    this.#sums = new Uint16Array(this.size * this.#length);
  }

  /** How many training images have been looked at; ready at size. */
  get made(): number {
    return this.#made;
  }

  /** Looks at the next so many training images (about 0.1 ms each); true when none are left. */
  prepare(count: number): boolean {
    const end = Math.min(this.size, this.#made + count);
    for (; this.#made < end; ++this.#made) {
      this.#sums.set(this.#blockSums(example(this.#dataset, "train", this.#made).image()), this.#made * this.#length);
    }
    return this.#made === this.size;
  }

  /**
   * The nearest of those looked at so far. At most so many images are drawn in full.
   * Throws if none has been looked at or the image has another size.
   */
  find(image: Uint8Array, most = 2000): Nearest {
    const expected = this.#pixels * this.#pixels * 3;
    if (image.length !== expected || this.#made === 0) {
      throw new Error(`find: expected ${expected} bytes and a search made ready, got ${image.length}, ${this.#made}`);
    }
    const bounds = this.#bounds(image);
    const order = Uint32Array.from(bounds.keys()).sort((a, b) => bounds[a]! - bounds[b]!);
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    let bestImage = image;
    let exact = true;
    for (const [tried, index] of order.entries()) {
      if (bounds[index]! >= least) break;
      if (tried >= most) {
        exact = false;
        break;
      }
      const candidate = example(this.#dataset, "train", index).image();
      const distance = squaredDistance(image, candidate);
      if (distance < least) [best, least, bestImage] = [index, distance, candidate];
    }
    return {index: best, rmse: Math.sqrt(least / expected), image: bestImage, exact};
  }

  #bounds(image: Uint8Array): Float64Array {
    const own = this.#blockSums(image);
    const bounds = new Float64Array(this.#made);
    for (let n = 0; n < this.#made; ++n) {
      const from = n * this.#length;
      let sum = 0;
      for (let k = 0; k < this.#length; ++k) {
        const d = this.#sums[from + k]! - own[k]!;
        sum += d * d;
      }
      bounds[n] = sum / (this.#block * this.#block);
    }
    return bounds;
  }

  #blockSums(image: Uint8Array): Uint16Array {
    const sums = new Uint16Array(this.#length);
    for (let p = 0; p < image.length; ++p) {
      const k = Math.floor(p / 3);
      const row = Math.floor(k / this.#pixels / this.#block);
      const column = Math.floor((k % this.#pixels) / this.#block);
      sums[(row * 8 + column) * 3 + (p % 3)]! += image[p]!;
    }
    return sums;
  }
}

function squaredDistance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += (a[i]! - b[i]!) * (a[i]! - b[i]!);
  return sum;
}
