// Training a VQ-VAE on images alone, and what the figures ask of it.

import {type Stream, stream} from "../../data/random.js";
import {kMeans, movedToMeans, revived} from "../models/codebook.js";
import {learningRateAt} from "../models/recipe.js";
import {decode, encode, initVqVae, lookUp, nearestCodes, vqLoss} from "../models/vqvae.js";
import {type VqVaeHyper, type VqVaeRecipe, vqVaeRecipe} from "../models/vqvaeConfig.js";
import type {Weights} from "../models/weights.js";
import {
  dispose,
  mean,
  type NamedArrays,
  type Params,
  read,
  square,
  stack,
  sub,
  type Tensor,
  tidy
} from "../tensor/index.js";
import {BatchSource} from "./dataset.js";
import {countCodes, perplexityOf} from "./dvaeTask.js";
import {imageTensor} from "./images.js";
import {type HyperValues, type ProbeArgs, type Shard, shardRange, type Task} from "./modelTrainer.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";
import {vqProbe} from "./vqvaeProbes.js";

/** How many held-back images (of the i.i.d. split) the evaluation encodes. */
const evaluationImages = 32;
/** Images whose outputs start the codebook, and among which a code must be chosen to count as alive. */
const sampleImages = 128;

export function vqvaeTask(spec: RunSpec): {task: Task; weights: Weights} {
  if (spec.model !== "vqvae" && spec.model !== "vqvaePlane") {
    throw new Error(`vqvaeTask: expected a VQ-VAE, got ${spec.model}`);
  }
  if (spec.size !== "xs") throw new Error(`vqvaeTask: expected size xs, got ${spec.size}`);
  const recipe = vqVaeRecipe(spec.model, spec.config);
  const run = stream(spec.seed, spec.model);
  return {task: new VqVaeTask(recipe, run), weights: initVqVae(recipe.config, run.child("initialisation"))};
}

class VqVaeTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery = 25;
  readonly #recipe: VqVaeRecipe;
  readonly #run: Stream;
  readonly #training: BatchSource;
  readonly #sample: BatchSource;
  readonly #held: Tensor; // (evaluationImages, H, W, 3)

  constructor(recipe: VqVaeRecipe, run: Stream) {
    this.#recipe = recipe;
    this.#run = run;
    this.totalSteps = recipe.updates;
    this.adam = recipe.adam;
    this.#training = new BatchSource(recipe.dataset, "train", recipe.batchSize, run.child("order"), false);
    this.#sample = new BatchSource(recipe.dataset, "train", sampleImages, run.child("sample"), false);
    const held = new BatchSource(recipe.dataset, "iid", evaluationImages, run.child("evaluation"), false);
    this.#held = imageTensor(held.at(0).images);
  }

  schedule(step: number): HyperValues {
    const {learningRate, updates, reconstruction, codebook, commitment} = this.#recipe;
    return {learningRate: learningRateAt(learningRate, updates, step), reconstruction, codebook, commitment};
  }

  batch(step: number, _: HyperValues, shard: Shard): Record<string, Tensor> {
    const {from, to} = shardRange(shard, this.#recipe.batchSize);
    return {x: imageTensor(this.#training.at(step, from, to).images)};
  }

  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues) {
    const {config} = this.#recipe;
    const weights = weightsOf(hyper);
    // The moving average does the second term's work.
    return vqLoss(params, config, batch.x!, config.codebookUpdate === "ema" ? {...weights, codebook: 0} : weights);
  }

  async adjust(params: Params, step: number, hyper: HyperValues): Promise<NamedArrays | null> {
    const {start, revive, codebookUpdate, emaDecay, codes, dimensions} = this.#recipe.config;
    const starts = start === "kMeans" && step === 1;
    const revives = revive > 0 && step % revive === 0 && step < 0.8 * this.totalSteps;
    const averages = codebookUpdate === "ema" && weightsOf(hyper).codebook > 0;
    if (!starts && !revives && !averages) return null;
    const shape = [codes, dimensions];
    let codebook = (await read(params.codebook!)) as Float32Array;
    if (averages) {
      const outputs = await this.#outputs(params, this.#training, step - 1);
      codebook = movedToMeans(outputs, codebook, dimensions, 1 - emaDecay);
    }
    if (starts || revives) {
      const outputs = await this.#outputs(params, this.#sample, step);
      const random = this.#run.child("codebook", step);
      if (starts) codebook = kMeans(outputs, codes, dimensions, random);
      else codebook = revived(outputs, codebook, dimensions, random);
    }
    return {codebook: {shape, data: codebook}};
  }

  async evaluate(params: Params): Promise<Metrics> {
    const {config} = this.#recipe;
    const {errors, tokens} = tidy(() => {
      const zE = encode(params, config, this.#held);
      const chosen = nearestCodes(zE, params.codebook!);
      const error = (z: Tensor) => mean(square(sub(decode(params, config, z), this.#held)));
      return {errors: stack([error(lookUp(params, chosen)), error(zE)]), tokens: chosen};
    });
    const [hardError = Number.NaN, smoothError = Number.NaN] = await read(errors);
    const usage = countCodes(await read(tokens), config.codes);
    dispose([errors, tokens]);
    return {hardError, smoothError, perplexity: perplexityOf(usage), deadCodes: usage.filter((n) => n === 0).length};
  }

  probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    return vqProbe({params, config: this.#recipe.config, held: this.#held, run: this.#run}, name, args);
  }

  dispose(): void {
    dispose(this.#held);
  }

  /** z_e of a batch of images, D numbers a position. */
  async #outputs(params: Params, images: BatchSource, step: number): Promise<Float32Array> {
    const zE = tidy(() => encode(params, this.#recipe.config, imageTensor(images.at(step).images)));
    const values = (await read(zE)) as Float32Array;
    dispose(zE);
    return values;
  }
}

function weightsOf({
  reconstruction = 1,
  codebook = 1,
  commitment = 0.25
}: Readonly<Record<string, number>>): VqVaeHyper {
  return {reconstruction, codebook, commitment};
}
