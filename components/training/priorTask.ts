// Stage 2: training the prior on captions and the frozen dVAE's tokens (section 2.2).

import {type Stream, stream} from "../../data/random.js";
import {example} from "../../data/scenes/index.js";
import {drawTokens} from "../models/draw.js";
import {decodeTokens, encode, picture, tokensOf} from "../models/dvae.js";
import type {DvaeConfig} from "../models/dvaeConfig.js";
import {initPrior, maskTensors, padText, priorLoss} from "../models/prior.js";
import {imageLength} from "../models/priorConfig.js";
import {learningRateAt, type PriorRecipe, priorRecipes, withOverrides} from "../models/sizes.js";
import type {Weights} from "../models/weights.js";
import {dispose, type Params, read, type Tensor, tensor, tidy} from "../tensor/index.js";
import {type Bpe, encodeText, trainBpe} from "../text/bpe.js";
import {type Batch, BatchSource} from "./dataset.js";
import {imageTensor, pixelsOf} from "./images.js";
import {type HyperValues, ModelTrainer, type ProbeArgs, type Task} from "./modelTrainer.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";

/** The first so many captions teach the byte pairs. */
const bpeCaptions = 4000;
const evaluationExamples = 64;

/** A trained dVAE, as the prior needs it. */
export interface FrozenDvae {
  readonly config: DvaeConfig;
  readonly weights: Weights;
}

export function createPriorTrainer(spec: RunSpec, dvae: FrozenDvae): ModelTrainer {
  const recipe = withOverrides(priorRecipes[spec.size], spec.config);
  if (recipe.config.codes !== dvae.config.codes) {
    throw new Error(`createPriorTrainer: expected a dVAE with ${recipe.config.codes} codes, got ${dvae.config.codes}`);
  }
  const run = stream(spec.seed, "prior", spec.size);
  return new ModelTrainer(
    spec,
    new PriorTask(recipe, dvae, run),
    initPrior(recipe.config, run.child("initialisation"))
  );
}

/** The byte pairs of a recipe: always the same, so they need not be stored. */
export function recipeBpe(recipe: PriorRecipe): Bpe {
  const captions = Array.from({length: bpeCaptions}, (_, i) => example(recipe.dataset, "train", i).caption);
  return trainBpe(captions, recipe.bpeMerges);
}

/** Token ids with pads. A caption that is too long under dropout is cut without it, and then cut off. */
export function textIds(bpe: Bpe, recipe: PriorRecipe, caption: string, dropout?: Stream): Int32Array {
  const {textLength} = recipe.config;
  let ids = dropout === undefined ? [] : encodeText(bpe, caption, {rate: recipe.bpeDropout, stream: dropout});
  if (dropout === undefined || ids.length > textLength) ids = encodeText(bpe, caption);
  return padText(ids.slice(0, textLength), recipe.config);
}

class PriorTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery = 100;
  readonly #recipe: PriorRecipe;
  readonly #run: Stream;
  readonly #bpe: Bpe;
  readonly #dvaeConfig: DvaeConfig;
  readonly #dvae: Params;
  readonly #masks: Tensor[];
  readonly #training: BatchSource;
  /** Tokens of training images by index, filled as they are met: the dVAE is frozen. */
  readonly #tokens = new Map<number, Int32Array>();
  readonly #held: Batch;

  constructor(recipe: PriorRecipe, dvae: FrozenDvae, run: Stream) {
    this.#recipe = recipe;
    this.#run = run;
    this.totalSteps = recipe.updates;
    this.adam = recipe.adam;
    this.#bpe = recipeBpe(recipe);
    this.#dvaeConfig = dvae.config;
    this.#dvae = Object.fromEntries(
      Object.entries(dvae.weights).map(([name, {shape, data}]) => [name, tensor(data, [...shape])])
    );
    this.#masks = maskTensors(recipe.config);
    this.#training = new BatchSource(recipe.dataset, "train", recipe.batchSize, run.child("order"));
    this.#held = new BatchSource(recipe.dataset, "iid", evaluationExamples, run.child("evaluation")).at(0);
  }

  schedule(step: number): HyperValues {
    const {learningRate, updates, textWeight, imageWeight} = this.#recipe;
    return {learningRate: learningRateAt(learningRate, updates, step), textWeight, imageWeight};
  }

  async batch(step: number): Promise<Record<string, Tensor>> {
    const batch = this.#training.at(step);
    const image = await this.#encoded(batch, true);
    const dropout = this.#run.child("dropout", step);
    return {...this.#textTensors(batch.captions, dropout), image};
  }

  loss(params: Params, {text, textMask, image}: Record<string, Tensor>, hyper: HyperValues) {
    const {textWeight = 0, imageWeight = 1} = hyper;
    const batch = {text: text!, textMask: textMask!, image: image!};
    return priorLoss(params, this.#recipe.config, this.#masks, batch, {textWeight, imageWeight});
  }

  async evaluate(params: Params): Promise<Metrics> {
    const batch = {...this.#textTensors(this.#held.captions), image: await this.#encoded(this.#held, false)};
    const {textLoss, imageLoss} = tidy(() => {
      const {aux} = this.loss(params, batch, this.schedule(0));
      return {textLoss: aux.textLoss!, imageLoss: aux.imageLoss!};
    });
    const heldTextLoss = (await read(textLoss))[0]!;
    const heldImageLoss = (await read(imageLoss))[0]!;
    dispose([textLoss, imageLoss, ...Object.values(batch)]);
    return {heldTextLoss, heldImageLoss};
  }

  /** "samples": one image for each caption, captions separated by line breaks. */
  async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    if (name !== "samples") throw new Error(`prior probe: expected samples, got ${name}`);
    const captions = String(args.captions ?? "")
      .split("\n")
      .filter((caption) => caption.trim() !== "");
    const {config} = this.#recipe;
    const all = new Int32Array(captions.length * imageLength(config));
    const options = {
      candidates: 1,
      topK: 0,
      topP: 1,
      report: 1,
      seed: Number(args.seed ?? 1),
      temperature: Number(args.temperature ?? 1)
    };
    // The parameters move on while samples are drawn between steps, so a copy is drawn from.
    const fixed = tidy(() => Object.fromEntries(Object.entries(params).map(([key, value]) => [key, value.clone()])));
    try {
      for (const [i, caption] of captions.entries()) {
        all.set(
          await drawTokens(fixed, config, textIds(this.#bpe, this.#recipe, caption), options),
          i * imageLength(config)
        );
      }
    } finally {
      dispose(fixed);
    }
    const tokens = {shape: [captions.length, config.grid, config.grid], data: all};
    const images = tidy(() => picture(decodeTokens(this.#dvae, this.#dvaeConfig, tensor(all, tokens.shape, "int32"))));
    const result = {tokens, images: await pixelsOf(images)};
    dispose(images);
    return result;
  }

  dispose(): void {
    dispose([...Object.values(this.#dvae), ...this.#masks]);
  }

  #textTensors(captions: readonly string[], dropout?: Stream): {text: Tensor; textMask: Tensor} {
    const {textLength, textVocabulary} = this.#recipe.config;
    const ids = new Int32Array(captions.length * textLength);
    captions.forEach((caption, i) => {
      ids.set(textIds(this.#bpe, this.#recipe, caption, dropout), i * textLength);
    });
    const shape: [number, number] = [captions.length, textLength];
    const mask = Float32Array.from(ids, (id) => (id < textVocabulary ? 1 : 0));
    return {text: tensor(ids, shape, "int32"), textMask: tensor(mask, shape)};
  }

  /** Tokens of a batch's images, int32 (B, n). */
  async #encoded(batch: Batch, cache: boolean): Promise<Tensor> {
    const n = imageLength(this.#recipe.config);
    const out = new Int32Array(batch.indices.length * n);
    const missing = cache ? batch.indices.some((index) => !this.#tokens.has(index)) : true;
    if (missing) {
      const tokens = tidy(() => tokensOf(encode(this.#dvae, this.#dvaeConfig, imageTensor(batch.images))));
      const values = await read(tokens);
      dispose(tokens);
      if (!cache) return tensor(Int32Array.from(values), [batch.indices.length, n], "int32");
      batch.indices.forEach((index, i) => {
        this.#tokens.set(index, Int32Array.from(values.subarray(i * n, (i + 1) * n)));
      });
    }
    batch.indices.forEach((index, i) => {
      out.set(this.#tokens.get(index)!, i * n);
    });
    return tensor(out, [batch.indices.length, n], "int32");
  }
}
