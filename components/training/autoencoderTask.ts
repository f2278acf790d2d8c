// Training an autoencoder or a VAE on images alone.

import {type Stream, stream} from "../../data/random.js";
import {autoencoderLoss, initAutoencoder, strengths, vaeLoss} from "../models/autoencoder.js";
import {type AutoencoderName, type AutoencoderRecipe, autoencoderRecipe} from "../models/autoencoderConfig.js";
import {learningRateAt} from "../models/recipe.js";
import type {Weights} from "../models/weights.js";
import {dispose, type Params, type Tensor, tensor} from "../tensor/index.js";
import {type AutoencoderView, autoencoderProbe, heldErrors} from "./autoencoderProbes.js";
import {imageTensor} from "./images.js";
import {type HyperValues, type ProbeArgs, type Shard, shardRange, type Task} from "./modelTrainer.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";
import {heldScenes, imagesOf, SceneSource} from "./sceneSource.js";

/** Held-back scenes that the figures show and the errors are measured on. */
export const heldCount = 128;

export function autoencoderTask(spec: RunSpec): {task: Task; weights: Weights} {
  if (spec.size !== "xs") throw new Error(`autoencoderTask: expected size xs, got ${spec.size}`);
  const recipe = autoencoderRecipe(spec.model as AutoencoderName, spec.config);
  const run = stream(spec.seed, spec.model);
  return {
    task: new AutoencoderTask(recipe, run),
    weights: initAutoencoder(recipe.config, run.child("initialisation"))
  };
}

class AutoencoderTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery = 50;
  readonly #recipe: AutoencoderRecipe;
  readonly #run: Stream;
  readonly #training: SceneSource;
  readonly #view: AutoencoderView;

  constructor(recipe: AutoencoderRecipe, run: Stream) {
    this.#recipe = recipe;
    this.#run = run;
    this.totalSteps = recipe.updates;
    this.adam = recipe.adam;
    this.#training = new SceneSource(recipe.slice, recipe.batchSize, run.child("order"));
    const held = imageTensor(imagesOf(heldScenes(recipe.slice, heldCount)));
    this.#view = {config: recipe.config, held, run: run.child("views")};
  }

  schedule(step: number): HyperValues {
    const {learningRate, updates} = this.#recipe;
    return {learningRate: learningRateAt(learningRate, updates, step)};
  }

  batch(step: number, hyper: HyperValues, shard: Shard): Record<string, Tensor> {
    const {config, batchSize} = this.#recipe;
    const {from, to} = shardRange(shard, batchSize);
    const x = imageTensor(this.#training.at(step, from, to));
    // Each image has draws of its own, so that a shard draws only its part.
    const draws = Array.from({length: to - from}, (_, i) => this.#run.child("draws", step, from + i));
    if (!config.variational) return {x, mask: tensor(draws.flatMap(keptLatents(config)), [to - from, config.latents])};
    const epsilon = new Float32Array((to - from) * config.latents);
    const strength = draws.map((draw, i) => {
      draw.fillNormal(epsilon.subarray(i * config.latents, (i + 1) * config.latents));
      return hyper.strength ?? strengths.least + draw.uniform() * (strengths.most - strengths.least);
    });
    return {x, epsilon: tensor(epsilon, [to - from, config.latents]), strength: tensor(strength, [to - from, 1])};
  }

  loss(params: Params, batch: Record<string, Tensor>) {
    const {config} = this.#recipe;
    if (config.variational) return vaeLoss(params, config, batch.x!, batch.epsilon!, batch.strength!);
    return autoencoderLoss(params, config, batch.x!, batch.mask!);
  }

  evaluate(params: Params): Promise<Metrics> {
    return heldErrors(params, this.#view);
  }

  probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    return autoencoderProbe(params, this.#view, name, args);
  }

  dispose(): void {
    dispose(this.#view.held);
  }
}

/** Ones for the latents that an image keeps: the first k, where ln k is uniform, or all if not nested. */
function keptLatents({latents, nested}: AutoencoderRecipe["config"]): (draw: Stream) => number[] {
  return (draw) => {
    const kept = nested ? Math.round((latents + 0.49) ** draw.uniform()) : latents;
    return Array.from({length: latents}, (_, j) => (j < kept ? 1 : 0));
  };
}
