// A pipeline that survives a change of workers: it is opened again where it is next needed.

import * as Comlink from "comlink";
import type {Generation} from "./generation.js";
import type {PipelineApi} from "./protocol.js";

type Remote = Comlink.Remote<PipelineApi>;

/** Opens the pipeline at once, so that missing weights are reported here. */
export async function pipelineHandle(
  call: <T>(work: (generation: Generation) => Promise<T>) => Promise<T>,
  open: (generation: Generation) => Promise<unknown>
): Promise<PipelineApi> {
  const opened = new WeakMap<Generation, Promise<Remote>>();
  const use = <T>(work: (pipeline: Remote) => Promise<T>): Promise<T> =>
    call(async (generation) => {
      let pipeline = opened.get(generation);
      if (!pipeline) {
        pipeline = open(generation) as Promise<Remote>;
        opened.set(generation, pipeline);
      }
      return work(await pipeline);
    });
  await use(async () => undefined);
  return {
    describe: () => use((pipeline) => pipeline.describe()),
    tokenize: (caption) => use((pipeline) => pipeline.tokenize(caption)),
    sample: (request, onStep) => use((pipeline) => pipeline.sample(request, Comlink.proxy(onStep))),
    cancel: () => use((pipeline) => pipeline.cancel()),
    encode: (images) => use((pipeline) => pipeline.encode(images)),
    decode: (tokens) => use((pipeline) => pipeline.decode(tokens)),
    codebook: () => use((pipeline) => pipeline.codebook()),
    bound: (image, caption, draws, seed) => use((pipeline) => pipeline.bound(image, caption, draws, seed)),
    async dispose() {
      await use((pipeline) => pipeline.dispose());
      await use(async (pipeline) => pipeline[Comlink.releaseProxy]());
    }
  };
}
