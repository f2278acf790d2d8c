// Pipelines opened from a page, one for each size and pair of weights, and opened again after the worker restarts.

import type {ArrayPayload, PipelineApi, Size, WeightsSource} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";

/** Weights to draw with. */
export interface PipelineWeights {
  readonly size: Size;
  readonly dvae: WeightsSource;
  readonly prior: WeightsSource;
}

export interface OpenPipeline {
  readonly api: PipelineApi;
  readonly imageSize: number;
  readonly grid: number;
  readonly codes: number;
  readonly textLength: number;
  readonly textVocabulary: number;
  /** uint8 [K, p, p, 3] */
  readonly patches: ArrayPayload;
}

export function shippedWeights(size: Size): PipelineWeights {
  return {size, dvae: {from: "shipped"}, prior: {from: "shipped"}};
}

export function isShipped({dvae, prior}: PipelineWeights): boolean {
  return dvae.from === "shipped" && prior.from === "shipped";
}

/** Fetches the shipped weights of a size and hands them to the worker, once. */
export type LoadShipped = (engine: FigureEngine, size: Size) => Promise<void>;

/** Opens pipelines and keeps them. */
export function pipelines(engine: FigureEngine, loadShipped: LoadShipped = async () => {}) {
  const opened = new Map<string, Promise<OpenPipeline>>();
  async function open({size, dvae, prior}: PipelineWeights): Promise<OpenPipeline> {
    if (dvae.from === "shipped" || prior.from === "shipped") await loadShipped(engine, size);
    const api = await engine.openPipeline(size, dvae, prior);
    const [shape, patches] = await Promise.all([api.describe(), api.codebook()]);
    return {api, patches, ...shape};
  }
  return {
    get(weights: PipelineWeights): Promise<OpenPipeline> {
      const key = JSON.stringify([weights.size, weights.dvae, weights.prior]);
      let found = opened.get(key);
      if (found === undefined) {
        found = open(weights);
        opened.set(key, found);
        found.catch(() => opened.delete(key)); // so that a later try starts afresh
      }
      return found;
    }
  };
}
