// What is timed: a training step of each stage, and drawing. Sizes are fixed, so that results of different days compare.

import {drawTokens} from "../../components/models/draw.js";
import {dvaeLoss, initDvae} from "../../components/models/dvae.js";
import type {DvaeConfig} from "../../components/models/dvaeConfig.js";
import {gridSize} from "../../components/models/dvaeConfig.js";
import {attentionMasks, imageLogits, initPrior, priorLoss, states} from "../../components/models/prior.js";
import {imageLength, type PriorConfig} from "../../components/models/priorConfig.js";
import {dvaeRecipes, priorRecipes} from "../../components/models/sizes.js";
import {
  AdamW,
  type AttentionMask,
  dispose,
  gumbelTensor,
  type Params,
  paramsOf,
  read,
  slice,
  type Tensor,
  tensor,
  tidy,
  uniformTensor,
  valueAndGrads
} from "../../components/tensor/index.js";
import {type Stream, stream} from "../../data/random.js";

export interface Workload {
  readonly name: string;
  readonly what: string;
  /** Once; resolves when its result has been read. */
  run(): Promise<void>;
  dispose(): void;
}

const batch = 16;

/** W1: forward, gradients and the optimiser's step of a discrete VAE of 32 × 32 pixels. */
export function dvaeStep(): Workload {
  const random = stream(1, "bench", "dvae");
  const recipe = dvaeRecipes.s!;
  const config: DvaeConfig = {...recipe.config, imageSize: 32, widths: [32, 64], blocks: [1, 1], codes: 128};
  const grid = gridSize(config);
  const x = uniformTensor(random.child("x"), [batch, 32, 32, 3]);
  const gumbel = gumbelTensor(random.child("gumbel"), [batch, grid, grid, config.codes]);
  const hyper = {tau: 1, beta: 0, noise: 0.5, usageBonus: 1, certaintyBonus: 0, usageGroup: batch / 2};
  const optimizer = new AdamW(initDvae(config, random.child("weights")), recipe.adam);
  return {
    name: "W1",
    what: `dVAE step: ${batch} images of 32 × 32, widths 32 and 64, K = 128`,
    run: () => step(optimizer, (params) => dvaeLoss(params, config, x, gumbel, hyper)),
    dispose() {
      optimizer.dispose();
      dispose([x, gumbel]);
    }
  };
}

const priorConfig: PriorConfig = {
  ...priorRecipes.s!.config,
  textLength: 16,
  grid: 8,
  codes: 128,
  layers: 4,
  heads: 4,
  headSize: 32
};

/** W2: the same of a transformer of 80 tokens. */
export function priorStep(): Workload {
  const random = stream(1, "bench", "prior");
  const recipe = priorRecipes.s!;
  const n = imageLength(priorConfig);
  const text = ids(random.child("text"), [batch, priorConfig.textLength], priorConfig.textVocabulary);
  const image = ids(random.child("image"), [batch, n], priorConfig.codes);
  const count = batch * priorConfig.textLength;
  const textWeight = tensor(new Float32Array(count).fill(1 / count), [batch, priorConfig.textLength]);
  const masks = attentionMasks(priorConfig);
  const optimizer = new AdamW(initPrior(priorConfig, random.child("weights")), recipe.adam);
  const data = {text, textWeight, image};
  return {
    name: "W2",
    what: `prior step: ${batch} rows of 80 tokens, d = 128, 4 layers`,
    run: () => step(optimizer, (params) => priorLoss(params, priorConfig, masks, data, recipe)),
    dispose() {
      optimizer.dispose();
      dispose([text, textWeight, image]);
      for (const mask of masks) mask.dispose();
    }
  };
}

const candidates = 8;

/** W3: 64 tokens for 8 images, from kept keys and values; or each from all of the row anew, as it is done without them. */
export function drawing(cached: boolean): Workload {
  const random = stream(1, "bench", "drawing");
  const weights = initPrior(priorConfig, random.child("weights"));
  const params = paramsOf(weights);
  const text = Int32Array.from({length: priorConfig.textLength}, () => random.int(priorConfig.textVocabulary));
  const masks = attentionMasks(priorConfig);
  const options = {seed: 1, candidates, temperature: 1, topK: 0, topP: 1, report: 0};
  return {
    name: cached ? "W3" : "W3, no cache",
    what: `64 tokens for ${candidates} images${cached ? "" : ", without keeping keys and values"}`,
    run: cached
      ? async () => void (await drawTokens(params, priorConfig, text, options))
      : () => drawAnew(params, masks, text),
    dispose() {
      dispose(Object.values(params));
      for (const mask of masks) mask.dispose();
    }
  };
}

async function drawAnew(params: Params, masks: readonly AttentionMask[], text: Int32Array): Promise<void> {
  const n = imageLength(priorConfig);
  const asked = tensor(
    Int32Array.from(Array.from({length: candidates}, () => Array.from(text)).flat()),
    [candidates, text.length],
    "int32"
  );
  const drawn = new Int32Array(candidates * n);
  for (let position = 0; position < n; ++position) {
    const logits = tidy(() => {
      const image = slice(tensor(drawn, [candidates, n], "int32"), [0, 0], [candidates, n - 1]);
      const h = states(params, priorConfig, masks, asked, image);
      return imageLogits(params, slice(h, [0, text.length + position, 0], [candidates, 1, -1]));
    });
    const values = (await read(logits)) as Float32Array;
    logits.dispose();
    // Which code is taken does not matter to the time: the likeliest.
    for (let c = 0; c < candidates; ++c) {
      const own = values.subarray(c * priorConfig.codes, (c + 1) * priorConfig.codes);
      drawn[c * n + position] = own.reduce((best, value, k) => (value > own[best]! ? k : best), 0);
    }
  }
  asked.dispose();
}

async function step(
  optimizer: AdamW,
  loss: (params: Params) => {loss: Tensor; aux: Record<string, Tensor>}
): Promise<void> {
  const {loss: value, aux, grads} = valueAndGrads(optimizer.params(), loss);
  const {gradNorm} = optimizer.step(grads, 1e-3);
  await read(value); // or a backend with a queue would only be filling it
  dispose([value, ...Object.values(aux), ...Object.values(grads), gradNorm]);
}

function ids(draws: Stream, shape: [number, number], count: number): Tensor {
  return tensor(
    Int32Array.from({length: shape[0] * shape[1]}, () => draws.int(count)),
    shape,
    "int32"
  );
}
