// A pipeline, or a CLIP, that survives a change of workers: it is opened again where it is next needed.

import * as Comlink from "comlink";
import type {Generation} from "./generation.js";
import type {ClipApi, PipelineApi} from "./protocol.js";

type Call = <T>(work: (generation: Generation) => Promise<T>) => Promise<T>;
type Open = (generation: Generation) => Promise<unknown>;

/** Opens the pipeline at once, so that missing weights are reported here. */
export async function pipelineHandle(call: Call, open: Open): Promise<PipelineApi> {
  const {use, dispose} = await reopened<PipelineApi>(call, open);
  return {
    describe: () => use((pipeline) => pipeline.describe()),
    tokenize: (caption) => use((pipeline) => pipeline.tokenize(caption)),
    sample: (request, onStep) => use((pipeline) => pipeline.sample(request, Comlink.proxy(onStep))),
    cancel: () => use((pipeline) => pipeline.cancel()),
    encode: (images) => use((pipeline) => pipeline.encode(images)),
    decode: (tokens) => use((pipeline) => pipeline.decode(tokens)),
    codebook: () => use((pipeline) => pipeline.codebook()),
    bound: (image, caption, draws, seed) => use((pipeline) => pipeline.bound(image, caption, draws, seed)),
    dispose
  };
}

/** The same for a CLIP. */
export async function clipHandle(call: Call, open: Open): Promise<ClipApi> {
  const {use, dispose} = await reopened<ClipApi>(call, open);
  return {
    compare: (captions, images) => use((clip) => clip.compare(captions, images)),
    embed: (images) => use((clip) => clip.embed(images)),
    dispose
  };
}

async function reopened<Api extends {dispose(): Promise<void>}>(call: Call, open: Open) {
  type Remote = Comlink.Remote<Api>;
  const opened = new WeakMap<Generation, Promise<Remote>>();
  const use = <T>(work: (remote: Remote) => Promise<T>): Promise<T> =>
    call(async (generation) => {
      let remote = opened.get(generation);
      if (!remote) {
        remote = open(generation) as Promise<Remote>;
        opened.set(generation, remote);
      }
      return work(await remote);
    });
  await use(async () => undefined);
  const dispose = async () => {
    await use((remote) => (remote as Comlink.Remote<{dispose(): Promise<void>}>).dispose());
    await use(async (remote) => remote[Comlink.releaseProxy]());
  };
  return {use, dispose};
}
