// What the reader has trained here on an earlier visit or on another page, as the browser's storage has it.

import type {ModelName, Size} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";
import type {PipelineWeights} from "./pipelines.js";

/** The name under which a stage's run is stored. */
export function runName(size: Size, model: ModelName): string {
  return `pipeline-${size}-${model}`;
}

/** Whether both stages of this size are stored. */
export async function hasOwnWeights(engine: FigureEngine, size: Size): Promise<boolean> {
  const names = new Set((await engine.storedRuns()).filter(({step}) => step > 0).map(({name}) => name));
  return names.has(runName(size, "dvae")) && names.has(runName(size, "prior"));
}

/** Opens both stages from storage. Throws if they are not there or cannot be read. */
export async function openOwnWeights(engine: FigureEngine, size: Size): Promise<PipelineWeights> {
  const seeds = new Map((await engine.storedRuns()).map(({name, seed}) => [name, seed]));
  const dvae = await open("dvae");
  const prior = await open("prior", dvae);
  return {size, dvae: {from: "session", id: dvae}, prior: {from: "session", id: prior}};

  async function open(model: ModelName, from?: number): Promise<number> {
    const name = runName(size, model);
    const spec = {model, size, seed: seeds.get(name) ?? 1};
    const source = from === undefined ? {} : {dvae: {from: "session", id: from} as const};
    const id = await engine.openSession({...spec, ...source}, () => {});
    if ((await engine.resume(id, name)) === null) throw new Error("Your own weights are no longer stored");
    return id;
  }
}
