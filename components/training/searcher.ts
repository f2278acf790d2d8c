// The page's side of the worker that looks up training images.

import * as Comlink from "comlink";
import {EngineError} from "./errors.js";
import type {WorkerPort} from "./generation.js";
import type {NearestApi} from "./nearestSearch.js";

export type {NearestApi} from "./nearestSearch.js";

/** Calls reject once the worker has failed: nothing else depends on it, so it is not replaced. */
export function searcher(worker: WorkerPort): NearestApi & {end(): void} {
  const remote = Comlink.wrap<NearestApi>(worker);
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener("error", () => reject(new EngineError("The training images could not be searched.")));
  });
  failed.catch(() => undefined);
  return {
    nearest: (size, images) => Promise.race([remote.nearest(size, images), failed]),
    end: () => worker.terminate()
  };
}
