// Training the small CLIP on pairs of images and captions; the held-out combinations are in none of them.

import {type Stream, stream} from "../../data/random.js";
import {type ClipBatch, clipLoss, initClip} from "../models/clip.js";
import {patchSize} from "../models/clipConfig.js";
import {type ClipRecipe, clipRecipeOf} from "../models/clipRecipe.js";
import {learningRateAt} from "../models/recipe.js";
import type {Weights} from "../models/weights.js";
import type {Params, Tensor} from "../tensor/index.js";
import {changedView, spoiledCopies} from "./augment.js";
import {clipText, hideTokens} from "./clipText.js";
import {bestColumns, compare, matchLoss} from "./clipUse.js";
import {type Batch, BatchSource} from "./dataset.js";
import {imageTensor} from "./images.js";
import type {HyperValues, ProbeArgs, Task} from "./modelTrainer.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";
import {recipeBpe} from "./recipeBpe.js";
import {type NamedScenes, namedScenes} from "./zeroShot.js";

/** Pairs of the i.i.d. split, and scenes of each kind that are named. */
const evaluationPairs = 64;
const evaluationScenes = 64;

export function clipTask(spec: RunSpec): {task: Task; weights: Weights} {
  const recipe = clipRecipeOf(spec.size, spec.config);
  const run = stream(spec.seed, "clip", spec.size);
  return {task: new ClipTask(recipe, run), weights: initClip(recipe.config, run.child("initialisation"))};
}

class ClipTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery = 25;
  /** Each pair is told apart from all the others of the batch, so halves of it do not add up. */
  readonly whole = true;
  readonly #recipe: ClipRecipe;
  readonly #run: Stream;
  readonly #training: BatchSource;
  readonly #held: Batch;
  readonly #scenes: {readonly seen: NamedScenes; readonly unseen: NamedScenes};

  constructor(recipe: ClipRecipe, run: Stream) {
    this.#recipe = recipe;
    this.#run = run;
    this.totalSteps = recipe.updates;
    this.adam = recipe.adam;
    this.#training = new BatchSource(recipe.dataset, "train", recipe.batchSize, run.child("order"));
    // The same in every run: figures name them by their places.
    this.#held = new BatchSource(recipe.dataset, "iid", evaluationPairs, stream(1, "clip held back")).at(0);
    this.#scenes = {
      seen: namedScenes(recipe.dataset, "iid", evaluationScenes),
      unseen: namedScenes(recipe.dataset, "colourShape", evaluationScenes)
    };
  }

  schedule(step: number): HyperValues {
    const {learningRate, updates, imageSslWeight, textSslWeight} = this.#recipe;
    return {learningRate: learningRateAt(learningRate, updates, step), imageSslWeight, textSslWeight};
  }

  async batch(step: number): Promise<Record<string, Tensor>> {
    const {images, captions} = this.#training.at(step);
    const {config} = this.#recipe;
    const text = clipText(recipeBpe(this.#recipe), config, captions);
    const draws = this.#run.child("changes", step);
    const view = (name: string) => imageTensor(changedView(images, draws.child(name)));
    return {
      images: imageTensor(images),
      ...text,
      ...(config.spoiledCopies
        ? {spoiled: imageTensor(spoiledCopies(images, patchSize(config), draws.child("spoiled")))}
        : {}),
      ...(config.visualSsl === "none" ? {} : {viewA: view("a"), viewB: view("b")}),
      ...(config.maskedText ? await hideTokens(text, config, draws.child("hidden")) : {})
    };
  }

  loss(params: Params, batch: Record<string, Tensor>, {imageSslWeight = 0, textSslWeight = 0}: HyperValues) {
    return clipLoss(params, this.#recipe.config, batch as unknown as ClipBatch, {imageSslWeight, textSslWeight});
  }

  /**
   * heldLoss and heldAccuracy: held-back pairs, told apart from each other. seenNamed and unseenNamed: the share of scenes
   * whose colour and shape are named right among all pairs of them; the unseen pairs were in no training image.
   */
  async evaluate(params: Params): Promise<Metrics> {
    const {textToImage, imageToText, scale} = await compare(
      params,
      this.#recipe,
      this.#held.captions,
      this.#held.images
    );
    const both = [textToImage, imageToText];
    const found = both.flatMap(bestColumns).filter((column, i) => column === i % evaluationPairs);
    return {
      heldLoss: (matchLoss(textToImage, scale) + matchLoss(imageToText, scale)) / 2,
      heldAccuracy: found.length / (2 * evaluationPairs),
      seenNamed: await this.#named(params, this.#scenes.seen),
      unseenNamed: await this.#named(params, this.#scenes.unseen)
    };
  }

  /**
   * "similarity": the first args.count held-back pairs: cosines [n, n], a row for each caption, and from the other side, a row
   * for each image; their places; the scale.
   */
  async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    if (name !== "similarity") throw new Error(`clip probe: expected similarity, got ${name}`);
    const n = Math.min(Number(args.count ?? 16), evaluationPairs);
    const {images, captions, indices} = this.#held;
    const size = images.data.length / evaluationPairs;
    const first = {shape: [n, ...images.shape.slice(1)], data: images.data.slice(0, n * size)};
    const {textToImage, imageToText, scale} = await compare(params, this.#recipe, captions.slice(0, n), first);
    return {
      cosines: textToImage,
      imageCosines: imageToText,
      places: {shape: [n], data: Int32Array.from(indices.slice(0, n))},
      images: first,
      scale: {shape: [1], data: Float32Array.of(scale)}
    };
  }

  dispose(): void {}

  async #named(params: Params, {images, prompts, answers}: NamedScenes): Promise<number> {
    const {imageToText} = await compare(params, this.#recipe, prompts, images);
    const right = bestColumns(imageToText).filter((column, i) => column === answers[i]);
    return right.length / answers.length;
  }
}
