// The weights that come with the site, fetched when a figure first needs them.

import type {ClipApi, ModelName, Size} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";
import type {LoadShipped} from "./pipelines.js";

/** A file of the site; Framework's FileAttachment is one. */
export interface SiteFile {
  arrayBuffer(): Promise<ArrayBuffer>;
}

export type ShippedFiles = Readonly<Record<Size, Readonly<Record<"dvae" | "prior", SiteFile>>>>;

/** Fetches one model's weights and hands them to the engine, for a session that starts from them. */
export function fetchModel(size: Size, model: ModelName, file: SiteFile): (engine: FigureEngine) => Promise<void> {
  let loading: Promise<void> | null = null;
  return (engine) => {
    loading ??= Promise.all([bytes(file), engine.start()]).then(([data]) => engine.provideShipped(size, model, data));
    loading.catch(() => {
      loading = null; // the next call tries again
    });
    return loading;
  };
}

/** Opens the shipped CLIP of a size, fetched when it is first asked for. */
export function clipOpener(
  engine: FigureEngine,
  files: Readonly<Record<Size, SiteFile>>
): (size: Size) => Promise<ClipApi> {
  const load = {xs: fetchModel("xs", "clip", files.xs), s: fetchModel("s", "clip", files.s)};
  const opened = new Map<Size, Promise<ClipApi>>();
  return (size) => {
    const found = opened.get(size) ?? load[size](engine).then(() => engine.openClip(size, {from: "shipped"}));
    opened.set(size, found);
    found.catch(() => opened.delete(size)); // the next call tries again
    return found;
  };
}

/** Fetches both models of a size and hands them to the engine, once a page; after a failure the next call tries again. */
export function fetchShipped(files: ShippedFiles): LoadShipped {
  const loading = new Map<Size, Promise<void>>();
  async function load(engine: FigureEngine, size: Size): Promise<void> {
    // Side by side: the worker starts while the files are on their way.
    const [dvae, prior] = await Promise.all([bytes(files[size].dvae), bytes(files[size].prior), engine.start()]);
    await engine.provideShipped(size, "dvae", dvae);
    await engine.provideShipped(size, "prior", prior);
  }
  return (engine, size) => {
    let started = loading.get(size);
    if (started === undefined) {
      started = load(engine, size);
      loading.set(size, started);
      started.catch(() => loading.delete(size));
    }
    return started;
  };
}

async function bytes(file: SiteFile): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Error("The weights of this model could not be fetched. Try again, or train your own below.");
  }
}
