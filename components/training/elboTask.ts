// Training the small exact model: the bound in place of ln p(x), with ln p(x) itself looked at beside it.

import {stream} from "../../data/random.js";
import {elboLoss, elboTerms, initElbo, logEncoder, logLikelihood, logPrior} from "../models/elbo.js";
import {type ElboRecipe, elboRecipeOf} from "../models/elboRecipe.js";
import {annealed, learningRateAt} from "../models/recipe.js";
import type {Weights} from "../models/weights.js";
import {dispose, mean, type Params, read, reshape, slice, type Tensor, tensor, tidy} from "../tensor/index.js";
import {BatchSource} from "./dataset.js";
import {pixelsOf} from "./images.js";
import {type HyperValues, type ProbeArgs, type Shard, shardRange, type Task} from "./modelTrainer.js";
import type {ArrayPayload, Metrics, ProbeResult, RunSpec} from "./protocol.js";

const evaluationImages = 64;

export function elboTask(spec: RunSpec): {task: Task; weights: Weights} {
  const recipe = elboRecipeOf(spec.size, spec.config);
  const run = stream(spec.seed, "elbo", spec.size);
  const training = new BatchSource(recipe.dataset, "train", recipe.batchSize, run.child("order"), false);
  // The same held-back images in every run: a figure names them by their places.
  const held = new BatchSource(recipe.dataset, "iid", evaluationImages, stream(1, "elbo held back"), false);
  const x = shrunk(held.at(0).images, recipe.config.side);
  return {task: elboTaskOf(recipe, training, x), weights: initElbo(recipe.config, run.child("initialisation"))};
}

function elboTaskOf(recipe: ElboRecipe, training: BatchSource, held: Tensor): Task {
  const {config, batchSize, updates, adam} = recipe;
  const {side, codes} = config;
  return {
    totalSteps: updates,
    adam,
    evaluateEvery: 10,
    schedule: (step: number): HyperValues => ({
      learningRate: learningRateAt(recipe.learningRate, updates, step),
      beta: annealed(recipe.beta, step)
    }),
    batch(step: number, _: HyperValues, shard: Shard) {
      const {from, to} = shardRange(shard, batchSize);
      return {x: shrunk(training.at(step, from, to).images, side)};
    },
    loss: (params: Params, batch: Record<string, Tensor>, {beta = 1}: HyperValues) =>
      elboLoss(params, config, batch.x!, {beta}),
    async evaluate(params: Params): Promise<Metrics> {
      const made = tidy(() => {
        const terms = elboTerms(params, config, held);
        return {heldElbo: mean(terms.elbo!), heldLogPx: mean(terms.logPx!)};
      });
      const metrics = {heldElbo: (await read(made.heldElbo))[0]!, heldLogPx: (await read(made.heldLogPx))[0]!};
      dispose(Object.values(made));
      return metrics;
    },
    async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
      if (name === "pictures") return {pictures: await picturesOf(params["decoder.pictures"]!, codes, side)};
      if (name === "image") return imageProbe(params, Math.round(Number(args.index ?? 0)));
      throw new Error(`elbo probe: expected pictures or image, got ${name}`);
    },
    dispose: () => dispose(held)
  };

  /** One held-back image: what the model says of it for every code, in nats. */
  async function imageProbe(params: Params, index: number): Promise<ProbeResult> {
    const at = ((index % evaluationImages) + evaluationImages) % evaluationImages;
    const made = tidy(() => {
      const x = slice(held, [at, 0], [1, -1]);
      return {
        x: reshape(x, [1, -1]),
        likelihood: logLikelihood(params, config, x), // (1, K)
        prior: logPrior(params, config), // (K)
        encoder: logEncoder(params, x) // (1, K)
      };
    });
    const numbers = async (values: Tensor) => ({shape: [codes], data: Float32Array.from(await read(values))});
    const result = {
      image: await picturesOf(made.x, 1, side),
      likelihood: await numbers(made.likelihood),
      prior: await numbers(made.prior),
      encoder: await numbers(made.encoder)
    };
    dispose(Object.values(made));
    return result;
  }
}

/** (n, D) → uint8 [n, side, side, 3]. */
async function picturesOf(values: Tensor, count: number, side: number): Promise<ArrayPayload> {
  const images = reshape(values, [count, side, side, 3]);
  const pixels = await pixelsOf(images);
  dispose(images);
  return pixels;
}

/** uint8 [n, H, W, 3] → (n, side² · 3) in [0, 1]: the mean of each block of pixels. */
function shrunk({shape, data}: ArrayPayload, side: number): Tensor {
  const [n = 0, height = 0] = shape;
  const block = height / side;
  const out = new Float32Array(n * side * side * 3);
  for (let at = 0; at < data.length; ++at) {
    const pixel = Math.floor(at / 3);
    const y = Math.floor((Math.floor(pixel / height) % height) / block);
    const x = Math.floor((pixel % height) / block);
    const image = Math.floor(pixel / (height * height));
    out[((image * side + y) * side + x) * 3 + (at % 3)]! += data[at]! / 255 / block ** 2;
  }
  return tensor(out, [n, side * side * 3]);
}
