// Looks up the training images nearest to samples, in a worker of its own: all training images must be drawn once.

import * as Comlink from "comlink";
import {NearestTraining} from "../../data/scenes/nearest.js";
import {example} from "../../data/scenes/splits.js";
import {nextTask} from "./loop.js";
import type {ArrayPayload, NearestImages, Size} from "./protocol.js";

/** The name by which worker.ts knows that it is to search. */
export const searcherName = "nearest-images";

export interface NearestApi {
  /** images: uint8 [n, H, W, 3]. The first call of a size takes seconds. */
  nearest(size: Size, images: ArrayPayload): Promise<NearestImages>;
}

/** The part of NearestTraining that is used. */
export type Search = Pick<NearestTraining, "prepare" | "find">;

export class NearestSearch implements NearestApi {
  readonly #makeSearch: (size: Size) => Search;
  readonly #searches = new Map<Size, Promise<Search>>();

  constructor(makeSearch: (size: Size) => Search = (size) => new NearestTraining(size)) {
    this.#makeSearch = makeSearch;
  }

  async nearest(size: Size, {shape, data}: ArrayPayload): Promise<NearestImages> {
    const [n = 0, height = 0, width = 0] = shape;
    const length = height * width * 3;
    if (shape.length !== 4 || shape[3] !== 3 || !(data instanceof Uint8Array) || data.length !== n * length) {
      throw new Error(`nearest: expected uint8 [n, H, W, 3], got [${shape}]`);
    }
    const search = await this.#prepared(size);
    const found = Array.from({length: n}, (_, i) => search.find(data.slice(i * length, (i + 1) * length)));
    const images = new Uint8Array(n * length);
    found.forEach(({image}, i) => {
      images.set(image, i * length);
    });
    return {
      images: {shape, data: images},
      captions: found.map(({index}) => example(size, "train", index).caption),
      distances: found.map(({rmse}) => (rmse / 255) ** 2)
    };
  }

  #prepared(size: Size): Promise<Search> {
    let search = this.#searches.get(size);
    if (!search) {
      search = prepare(this.#makeSearch(size));
      this.#searches.set(size, search);
    }
    return search;
  }
}

async function prepare(search: Search): Promise<Search> {
  while (!search.prepare(100)) await nextTask(); // another size may be asked for meanwhile
  return search;
}

/** Answers through this port, by default the worker's own. */
export function serveNearest(port?: Comlink.Endpoint, search = new NearestSearch()): void {
  Comlink.expose(search, port);
}
