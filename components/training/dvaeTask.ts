// Stage 1: training the discrete VAE on images alone (section 2.1, appendix A.2). Captions are not used.

import {type Stream, stream} from "../../data/random.js";
import {dvaeRecipeOf} from "../models/choices.js";
import {decode, decodeTokens, dvaeLoss, encode, initDvae, picture, pixelNll, tokensOf} from "../models/dvae.js";
import {gridSize} from "../models/dvaeConfig.js";
import {annealed, type DvaeRecipe, learningRateAt} from "../models/recipe.js";
import type {Weights} from "../models/weights.js";
import {relaxedSample} from "../nn/gumbel.js";
import {klToUniform} from "../nn/losses.js";
import {
  add,
  dispose,
  gumbelTensor,
  mean,
  mul,
  neg,
  type Params,
  read,
  slice,
  softmax,
  square,
  stack,
  sub,
  type Tensor,
  tensor,
  tidy
} from "../tensor/index.js";
import {BatchSource, trainingSource} from "./dataset.js";
import {imageTensor, pixelsOf} from "./images.js";
import {type HyperValues, type ProbeArgs, type Shard, shardRange, type Task} from "./modelTrainer.js";
import type {ArrayPayload, Metrics, ProbeResult, RunSpec} from "./protocol.js";

/** How many held-back images (of the i.i.d. split) the evaluation reconstructs. */
const evaluationImages = 32;

export function dvaeTask(spec: RunSpec): {task: Task; weights: Weights} {
  const recipe = dvaeRecipeOf(spec.size, spec.config);
  const run = stream(spec.seed, "dvae", spec.size);
  return {task: new DvaeTask(recipe, run), weights: initDvae(recipe.config, run.child("initialisation"))};
}

class DvaeTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery = 25;
  readonly #recipe: DvaeRecipe;
  readonly #run: Stream;
  readonly #training: BatchSource;
  readonly #held: Tensor; // (evaluationImages, H, W, 3)
  readonly #heldGumbel: Tensor; // (evaluationImages, h, w, K)

  constructor(recipe: DvaeRecipe, run: Stream) {
    this.#recipe = recipe;
    this.#run = run;
    this.totalSteps = recipe.updates;
    this.adam = recipe.adam;
    this.#training = trainingSource(recipe, run.child("order"), false);
    const held = new BatchSource(recipe.dataset, "iid", evaluationImages, run.child("evaluation"));
    this.#held = imageTensor(held.at(0).images);
    const grid = gridSize(recipe.config);
    this.#heldGumbel = gumbelTensor(run.child("evaluation noise"), [evaluationImages, grid, grid, recipe.config.codes]);
  }

  schedule(step: number): HyperValues {
    const {learningRate, tau, beta, noise, usageBonus, certaintyBonus, updates} = this.#recipe;
    return {
      learningRate: learningRateAt(learningRate, updates, step),
      tau: annealed(tau, step),
      beta: annealed(beta, step),
      noise: annealed(noise, step),
      usageBonus: annealed(usageBonus, step),
      certaintyBonus: annealed(certaintyBonus, step)
    };
  }

  batch(step: number, hyper: HyperValues, shard: Shard): Record<string, Tensor> {
    const {config, batchSize} = this.#recipe;
    const {from, to} = shardRange(shard, batchSize);
    const grid = gridSize(config);
    const size = grid * grid * config.codes;
    const noise = new Float32Array((to - from) * size);
    if (hyper.noise !== 0) {
      // Each image has noise of its own, so that a shard draws only its part.
      for (let i = from; i < to; ++i) {
        this.#run.child("gumbel", step, i).fillGumbel(noise.subarray((i - from) * size, (i - from + 1) * size));
      }
    }
    const x = imageTensor(this.#training.at(step, from, to).images);
    return {x, gumbel: tensor(noise, [to - from, grid, grid, config.codes])};
  }

  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues) {
    const {tau = 1, beta = 0, noise = 0, usageBonus = 0, certaintyBonus = 0} = hyper;
    return dvaeLoss(params, this.#recipe.config, batch.x!, batch.gumbel!, {
      tau,
      beta,
      noise,
      usageBonus,
      certaintyBonus,
      usageGroup: this.#recipe.batchSize / 2
    });
  }

  /**
   * On held-back images: the errors of what is shown, and the bound in nats a sub-pixel (β = 1), once with the relaxed
   * sample at this temperature and once with codes that are drawn, as the bound has it.
   */
  async evaluate(params: Params, {tau = 1}: Partial<HyperValues> = {}): Promise<Metrics> {
    const {config} = this.#recipe;
    const {numbers, tokens} = tidy(() => {
      const logits = encode(params, config, this.#held);
      const chosen = tokensOf(logits);
      const error = (image: Tensor) => mean(square(sub(image, this.#held)));
      const soft = error(picture(decode(params, config, softmax(logits))));
      const hard = error(picture(this.#decodeHard(params, chosen)));
      const rate = mul(mean(klToUniform(logits)), logits.size / config.codes / this.#held.size);
      const bound = (statistics: Tensor) => neg(add(mean(pixelNll(config, this.#held, statistics)), rate));
      const relaxed = bound(decode(params, config, relaxedSample(logits, this.#heldGumbel, tau)));
      const drawn = bound(this.#decodeHard(params, tokensOf(add(logits, this.#heldGumbel))));
      return {numbers: stack([soft, hard, relaxed, drawn]), tokens: chosen};
    });
    const [softError = NaN, hardError = NaN, elbRelaxed = NaN, elbTrue = NaN] = await read(numbers);
    const usage = countCodes(await read(tokens), config.codes);
    dispose([numbers, tokens]);
    const deadCodes = usage.filter((n) => n === 0).length;
    return {softError, hardError, elbRelaxed, elbTrue, perplexity: perplexityOf(usage), deadCodes};
  }

  async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    if (name === "reconstructions") return this.#reconstructions(params, Number(args.count ?? 8));
    if (name === "usage") return this.#usage(params);
    if (name === "codebook") return {patches: await codebookPatches(params, this.#recipe)};
    throw new Error(`dvae probe: expected reconstructions, usage or codebook, got ${name}`);
  }

  dispose(): void {
    dispose([this.#held, this.#heldGumbel]);
  }

  #decodeHard(params: Params, tokens: Tensor): Tensor {
    return decodeTokens(params, this.#recipe.config, tokens);
  }

  async #reconstructions(params: Params, count: number): Promise<ProbeResult> {
    const {config} = this.#recipe;
    const made = tidy(() => {
      const x = slice(this.#held, [0, 0, 0, 0], [Math.min(count, evaluationImages), -1, -1, -1]);
      const logits = encode(params, config, x);
      const tokens = tokensOf(logits);
      const soft = picture(decode(params, config, softmax(logits)));
      return {inputs: mul(x, 1), soft, hard: picture(this.#decodeHard(params, tokens)), tokens};
    });
    const {inputs, soft, hard, tokens} = made;
    const result = {
      inputs: await pixelsOf(inputs),
      soft: await pixelsOf(soft),
      hard: await pixelsOf(hard),
      tokens: {shape: tokens.shape, data: Int32Array.from(await read(tokens))}
    };
    dispose(Object.values(made));
    return result;
  }

  async #usage(params: Params): Promise<ProbeResult> {
    const {codes} = this.#recipe.config;
    const tokens = tidy(() => tokensOf(encode(params, this.#recipe.config, this.#held)));
    const counts = countCodes(await read(tokens), codes);
    dispose(tokens);
    return {counts: {shape: [codes], data: counts}};
  }
}

/** How often each code occurs. */
export function countCodes(tokens: ArrayLike<number>, codes: number): Float32Array {
  const counts = new Float32Array(codes);
  for (let i = 0; i < tokens.length; ++i) counts[tokens[i]!]! += 1;
  return counts;
}

/** exp of the entropy of the counts: how many codes are in use, weighted by use. */
export function perplexityOf(counts: Float32Array): number {
  const total = counts.reduce((a, b) => a + b, 0);
  let nats = 0;
  for (const count of counts) if (count > 0) nats -= (count / total) * Math.log(count / total);
  return Math.exp(nats);
}

/** What each code looks like alone: the middle patch of a grid filled with it, uint8 [K, p, p, 3]. */
export async function codebookPatches(params: Params, {config}: {config: DvaeRecipe["config"]}): Promise<ArrayPayload> {
  const patch = config.imageSize / gridSize(config);
  const patches = tidy(() => {
    // A 5×5 grid is enough for the middle patch to see nothing but its own code, nearly.
    const side = 5;
    const tokens = Int32Array.from({length: config.codes * side * side}, (_, i) => Math.floor(i / (side * side)));
    const image = picture(decodeTokens(params, config, tensor(tokens, [config.codes, side, side], "int32")));
    const middle = patch * 2;
    return slice(image, [0, middle, middle, 0], [config.codes, patch, patch, 3]);
  });
  const result = await pixelsOf(patches);
  dispose(patches);
  return result;
}
