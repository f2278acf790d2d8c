// Stage 2: training the prior on captions and the frozen dVAE's tokens (section 2.2).

import {type Stream, stream} from "../../data/random.js";
import {priorRecipeOf} from "../models/choices.js";
import {drawTokens} from "../models/draw.js";
import {decodeTokens, encode, picture, tokensOf} from "../models/dvae.js";
import type {DvaeConfig} from "../models/dvaeConfig.js";
import {attentionMasks, initPrior, type LayerOf, layer, type PriorBatch, padText, priorLoss} from "../models/prior.js";
import {imageLength} from "../models/priorConfig.js";
import {annealed, learningRateAt, type PriorRecipe} from "../models/recipe.js";
import type {Weights} from "../models/weights.js";
import {
  type AttentionMask,
  add,
  dispose,
  mul,
  type Params,
  paramsOf,
  read,
  reshape,
  type Tensor,
  tensor,
  tidy
} from "../tensor/index.js";
import {type Bpe, encodeText} from "../text/bpe.js";
import {type Batch, BatchSource, trainingSource} from "./dataset.js";
import {imageTensor, pixelsOf} from "./images.js";
import {type HyperValues, type ProbeArgs, type Shard, shardRange, type Task} from "./modelTrainer.js";
import {probePositions, probeSequence, sequenceProbes} from "./priorProbes.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";
import {mergesProbe, recipeBpe} from "./recipeBpe.js";

const evaluationExamples = 64;

/** A trained dVAE, as the prior needs it. */
export interface FrozenDvae {
  readonly config: DvaeConfig;
  readonly weights: Weights;
}

/** The layers of a step, by its parameters, batch and hyper-parameters. */
export type LayersOf = (params: Params, batch: Record<string, Tensor>, hyper: HyperValues) => LayerOf;

export interface PriorTaskOptions {
  /** By default the one that the spec's settings make. */
  readonly recipe?: PriorRecipe;
  readonly layers?: LayersOf;
}

export function priorTask(
  spec: RunSpec,
  dvae: FrozenDvae,
  {recipe = priorRecipeOf(spec.size, spec.config), layers = () => layer}: PriorTaskOptions = {}
): {task: Task; weights: Weights} {
  if (recipe.config.codes !== dvae.config.codes) {
    throw new Error(`priorTask: expected a dVAE with ${recipe.config.codes} codes, got ${dvae.config.codes}`);
  }
  const run = stream(spec.seed, "prior", spec.size);
  return {
    task: new PriorTask(recipe, dvae, run, layers),
    weights: initPrior(recipe.config, run.child("initialisation"))
  };
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
  readonly evaluateEvery = 50;
  readonly #recipe: PriorRecipe;
  readonly #run: Stream;
  readonly #layers: LayersOf;
  readonly #bpe: Bpe;
  readonly #dvaeConfig: DvaeConfig;
  readonly #dvae: Params;
  readonly #masks: AttentionMask[];
  readonly #training: BatchSource;
  /** Tokens of training images by index, filled as they are met: the dVAE is frozen. */
  readonly #tokens = new Map<number, Int32Array>();
  readonly #held: Batch;

  constructor(recipe: PriorRecipe, dvae: FrozenDvae, run: Stream, layers: LayersOf) {
    this.#layers = layers;
    this.#recipe = recipe;
    this.#run = run;
    this.totalSteps = recipe.updates;
    this.adam = recipe.adam;
    this.#bpe = recipeBpe(recipe);
    this.#dvaeConfig = dvae.config;
    this.#dvae = paramsOf(dvae.weights);
    this.#masks = attentionMasks(recipe.config);
    this.#training = trainingSource(recipe, run.child("order"));
    this.#held = new BatchSource(recipe.dataset, "iid", evaluationExamples, run.child("evaluation")).at(0);
  }

  schedule(step: number): HyperValues {
    const {learningRate, updates, textWeight, imageWeight, tokenNoise} = this.#recipe;
    return {
      learningRate: learningRateAt(learningRate, updates, step),
      textWeight,
      imageWeight,
      tokenNoise: annealed(tokenNoise, step)
    };
  }

  async batch(step: number, {tokenNoise = 0}: HyperValues, shard: Shard): Promise<Record<string, Tensor>> {
    const {from, to} = shardRange(shard, this.#recipe.batchSize);
    const captions = this.#training.captions(step);
    const dropout = this.#run.child("dropout", step);
    const ids = captions.map((caption, i) => textIds(this.#bpe, this.#recipe, caption, dropout.child(i)));
    const images = this.#training.at(step, from, to);
    const image = tokenNoise === 0 ? await this.#likeliest(images) : this.#sampled(images, tokenNoise, step, from);
    // A token weighs the same in whichever shard it is: the mean of the shards' losses is the batch's.
    const share = shard.count / countTokens(ids, this.#recipe);
    return {...this.#textTensors(ids.slice(from, to), share), image};
  }

  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues) {
    const {textWeight = 0, imageWeight = 1} = hyper;
    const tensors = batch as unknown as PriorBatch;
    const through = this.#layers(params, batch, hyper);
    return priorLoss(params, this.#recipe.config, this.#masks, tensors, {textWeight, imageWeight}, through);
  }

  async evaluate(params: Params): Promise<Metrics> {
    const batch = this.#heldBatch();
    const {textLoss, imageLoss} = tidy(() => {
      const {aux} = this.loss(params, batch, this.schedule(0));
      return {textLoss: aux.textLoss!, imageLoss: aux.imageLoss!};
    });
    const heldTextLoss = (await read(textLoss))[0]!;
    const heldImageLoss = (await read(imageLoss))[0]!;
    dispose([textLoss, imageLoss, ...Object.values(batch)]);
    return {heldTextLoss, heldImageLoss};
  }

  /**
   * "samples": one image for each caption, captions separated by line breaks. "positions": where on held-back examples it
   * loses. "merges": how its byte pairs were learnt. "attention", "embedding", "logits": of a caption and its image tokens, n codes separated by commas.
   */
  async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    const probed = {config: this.#recipe.config, masks: this.#masks};
    const known = sequenceProbes.find((probe) => probe === name);
    if (known !== undefined) {
      const codes = Int32Array.from(String(args.tokens ?? "").split(","), Number);
      const ids = textIds(this.#bpe, this.#recipe, String(args.caption ?? ""));
      return probeSequence(params, probed, known, ids, codes);
    }
    if (name === "positions") {
      const batch = this.#heldBatch();
      const found = await probePositions(params, probed, batch);
      dispose(Object.values(batch));
      return found;
    }
    if (name === "merges") return mergesProbe(this.#recipe);
    if (name === "samples") return this.#samples(params, args);
    throw new Error(`prior probe: expected samples, positions, merges, ${sequenceProbes.join(", ")}, got ${name}`);
  }

  async #samples(params: Params, args: ProbeArgs): Promise<ProbeResult> {
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
    dispose(Object.values(this.#dvae));
    for (const mask of this.#masks) mask.dispose();
  }

  /** Held-back captions and their likeliest tokens; the caller disposes them. */
  #heldBatch() {
    const ids = this.#held.captions.map((caption) => textIds(this.#bpe, this.#recipe, caption));
    const text = this.#textTensors(ids, 1 / countTokens(ids, this.#recipe));
    return {...text, image: this.#chosen(this.#held)};
  }

  #textTensors(ids: readonly Int32Array[], weight: number): {text: Tensor; textWeight: Tensor} {
    const {textLength, textVocabulary} = this.#recipe.config;
    const flat = Int32Array.from(ids.flatMap((row) => Array.from(row)));
    const shape: [number, number] = [ids.length, textLength];
    const weights = Float32Array.from(flat, (id) => (id < textVocabulary ? weight : 0));
    return {text: tensor(flat, shape, "int32"), textWeight: tensor(weights, shape)};
  }

  /** The likeliest tokens of a batch's images, int32 (B, n), kept from the first time that an image comes. */
  async #likeliest(batch: Batch): Promise<Tensor> {
    const n = imageLength(this.#recipe.config);
    if (batch.indices.some((index) => !this.#tokens.has(index))) {
      const tokens = this.#chosen(batch);
      const values = await read(tokens);
      dispose(tokens);
      batch.indices.forEach((index, i) => {
        this.#tokens.set(index, Int32Array.from(values.subarray(i * n, (i + 1) * n)));
      });
    }
    const all = batch.indices.flatMap((index) => Array.from(this.#tokens.get(index)!));
    return tensor(Int32Array.from(all), [batch.indices.length, n], "int32");
  }

  /** Tokens drawn from softmax(ℓ / noise), by Gumbel-max: arg max (ℓ + noise · g), with noise of each image's own. */
  #sampled(batch: Batch, noise: number, step: number, from: number): Tensor {
    const {grid, codes} = this.#recipe.config;
    const size = grid * grid * codes;
    const count = batch.indices.length;
    const gumbel = new Float32Array(count * size);
    for (let i = 0; i < count; ++i) {
      this.#run.child("tokens", step, from + i).fillGumbel(gumbel.subarray(i * size, (i + 1) * size));
    }
    return this.#chosen(batch, (logits) => add(logits, mul(tensor(gumbel, [count, grid, grid, codes]), noise)));
  }

  /** Arg max of the logits, changed or not, int32 (B, n). */
  #chosen(batch: Batch, change: (logits: Tensor) => Tensor = (logits) => logits): Tensor {
    return tidy(() => {
      const logits = encode(this.#dvae, this.#dvaeConfig, imageTensor(batch.images));
      return reshape(tokensOf(change(logits)), [batch.indices.length, imageLength(this.#recipe.config)]);
    });
  }
}

/** How many of the ids are tokens rather than pads. */
function countTokens(ids: readonly Int32Array[], recipe: PriorRecipe): number {
  return ids.reduce((sum, row) => sum + row.filter((id) => id < recipe.config.textVocabulary).length, 0);
}
