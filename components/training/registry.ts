// The models of this notebook, for the engine.

import {dataVersion} from "../../data/scenes/splits.js";
import {dvaeRecipeOf, priorRecipeOf} from "../models/choices.js";
import {clipRecipeOf} from "../models/clipRecipe.js";
import type {Weights as NamedWeights} from "../models/weights.js";
import {currentBackend, dispose, type Params, paramsOf} from "../tensor/index.js";
import {compare, embedImages} from "./clipUse.js";
import {createTrainer, needsDvae} from "./createTask.js";
import {distributedTrainer} from "./distributed/distributedTrainer.js";
import {replicaName} from "./distributed/replicaServer.js";
import type {EngineModels, LiveWeights, Weights} from "./engineModels.js";
import {gradientPartner, type Port, whenNeeded} from "./gradientServer.js";
import {ModelTrainer} from "./modelTrainer.js";
import {canHavePartner, startPartner} from "./partnerWorker.js";
import {Pipeline} from "./pipeline.js";
import type {FrozenDvae} from "./priorTask.js";
import type {RunSpec} from "./protocol.js";

export const models: EngineModels = {
  dataVersion: String(dataVersion),

  async createTrainer(spec, weights) {
    const dvae = needsDvae(spec.model) ? frozen(await weights(spec.dvae ?? {from: "shipped"}, "dvae")) : undefined;
    const backend = currentBackend();
    const setup = dvae ? {spec, backend, dvae} : {spec, backend};
    if (spec.model === "priorParallel") return distributedTrainer(setup, startReplica);
    const trainer = createTrainer(spec, dvae);
    // On a GPU a second worker would only wait for the same device.
    if (backend === "wasm" && canHavePartner()) {
      trainer.shareWith(whenNeeded(() => gradientPartner(startPartner(), setup)));
    }
    return trainer;
  },

  async createPipeline(size, dvae, prior) {
    const [dvaeParams, priorParams] = [live(dvae), live(prior)];
    const pipeline = new Pipeline({
      dvaeConfig: dvaeConfig(specOf(dvae)),
      priorRecipe: priorRecipeOf(size, specOf(prior).config),
      dvaeParams: dvaeParams.params,
      priorParams: priorParams.params
    });
    const end = pipeline.dispose.bind(pipeline);
    pipeline.dispose = async () => {
      await end();
      dvaeParams.dispose();
      priorParams.dispose();
    };
    return pipeline;
  },

  async createClip(size, clip) {
    const {params, dispose} = live(clip);
    const recipe = clipRecipeOf(size, specOf(clip).config);
    return {
      compare: (captions, images) => compare(params(), recipe, captions, images),
      embed: (images) => embedImages(params(), recipe, images),
      dispose: async () => dispose()
    };
  }
};

function startReplica(): Port {
  if (typeof Worker !== "function") throw new Error("this browser starts no worker inside a worker; one worker works");
  return startPartner(replicaName);
}

function frozen(dvae: Weights): FrozenDvae {
  return {config: dvaeConfig(dvae.spec), weights: averaged(dvae)};
}

function dvaeConfig({size, config}: RunSpec) {
  return dvaeRecipeOf(size, config).config;
}

function specOf(weights: LiveWeights): RunSpec {
  return "fixed" in weights ? weights.fixed.spec : weights.spec;
}

/** The weights for use: the moving average. */
function averaged({state}: Weights): NamedWeights {
  const prefix = "ema/";
  const found = [...state.tensors].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, array]) => [name.slice(prefix.length), array]));
}

function live(weights: LiveWeights): {params: () => Params; dispose: () => void} {
  if ("fixed" in weights) {
    const params = paramsOf(averaged(weights.fixed));
    return {params: () => params, dispose: () => dispose(params)};
  }
  const params = (): Params => {
    const trainer = weights.trainer();
    if (trainer instanceof ModelTrainer) return trainer.params();
    throw new Error("createPipeline: expected a session of a dVAE, a prior or a CLIP, got another");
  };
  return {params, dispose: () => {}};
}
