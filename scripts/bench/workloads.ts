// What is timed, as our models do it: a training step of each stage, and drawing.

import {drawTokens} from "../../components/models/draw.js";
import {dvaeLoss} from "../../components/models/dvae.js";
import {attentionMasks, imageLogits, priorLoss, states} from "../../components/models/prior.js";
import {imageLength} from "../../components/models/priorConfig.js";
import {
  AdamW,
  dispose,
  type LossAndGrads,
  type Params,
  paramsOf,
  read,
  slice,
  type Tensor,
  tensor,
  tidy,
  valueAndGrads
} from "../../components/tensor/index.js";
import {drawEach, meanCode} from "./drawing.js";
import {type DrawInputs, drawInputs, dvaeInputs, priorInputs} from "./inputs.js";
import type {Workload} from "./peer.js";

/** W1: forward, gradients and the optimiser's step of a discrete VAE of 32 × 32 pixels. */
export function dvaeStep(inputs = dvaeInputs()): Workload {
  const {config, hyper, learningRate} = inputs;
  const x = tensor(inputs.x.data, [...inputs.x.shape]);
  const gumbel = tensor(inputs.gumbel.data, [...inputs.gumbel.shape]);
  const optimizer = new AdamW(inputs.weights, inputs.adam);
  return training(
    optimizer,
    learningRate,
    (params) => dvaeLoss(params, config, x, gumbel, hyper),
    () => dispose([x, gumbel])
  );
}

/** W2: the same of a transformer of 80 tokens. */
export function priorStep(inputs = priorInputs()): Workload {
  const {config, hyper, learningRate} = inputs;
  const data = {
    text: tensor(inputs.text.data, [...inputs.text.shape], "int32"),
    textWeight: tensor(inputs.textWeight.data, [...inputs.textWeight.shape]),
    image: tensor(inputs.image.data, [...inputs.image.shape], "int32")
  };
  const masks = attentionMasks(config);
  const optimizer = new AdamW(inputs.weights, inputs.adam);
  return training(
    optimizer,
    learningRate,
    (params) => priorLoss(params, config, masks, data, hyper),
    () => {
      dispose(data);
      for (const mask of masks) mask.dispose();
    }
  );
}

/** W3: 64 tokens for 8 images, from kept keys and values; or each from all of the row anew, as it is done without them. */
export function drawing(cached: boolean, inputs = drawInputs()): Workload {
  const {config, candidates, seed, text} = inputs;
  const params = paramsOf(inputs.weights);
  const masks = attentionMasks(config);
  const options = {seed, candidates, temperature: 1, topK: 0, topP: 1, report: 0};
  return {
    run: cached
      ? async () => meanCode(await drawTokens(params, config, text, options))
      : () => drawAnew(params, masks, inputs),
    dispose() {
      dispose(params);
      for (const mask of masks) mask.dispose();
    }
  };
}

async function drawAnew(params: Params, masks: ReturnType<typeof attentionMasks>, inputs: DrawInputs): Promise<number> {
  const {config, candidates, text} = inputs;
  const n = imageLength(config);
  const all = Int32Array.from({length: candidates * text.length}, (_, i) => text[i % text.length]!);
  const asked = tensor(all, [candidates, text.length], "int32");
  const drawn = await drawEach(inputs, async (position, codes) => {
    const logits = tidy(() => {
      const image = slice(tensor(codes, [candidates, n], "int32"), [0, 0], [candidates, n - 1]);
      const h = states(params, config, masks, asked, image);
      return imageLogits(params, slice(h, [0, text.length + position, 0], [candidates, 1, -1]));
    });
    const values = (await read(logits)) as Float32Array;
    logits.dispose();
    return values;
  });
  asked.dispose();
  return meanCode(drawn);
}

function training(
  optimizer: AdamW,
  learningRate: number,
  loss: (params: Params) => {loss: Tensor; aux: Record<string, Tensor>},
  disposeData: () => void
): Workload {
  const gradients = () => valueAndGrads(optimizer.params(), loss);
  const free = ({loss: value, aux, grads}: LossAndGrads) => dispose([value, aux, grads]);
  return {
    async run() {
      const found = gradients();
      const {gradNorm} = optimizer.step(found.grads, learningRate);
      const [value] = await read(found.loss); // or a backend with a queue would only be filling it
      free(found);
      gradNorm.dispose();
      return value!;
    },
    async parts() {
      const start = performance.now();
      const found = gradients();
      await read(found.loss);
      const between = performance.now();
      const {gradNorm} = optimizer.step(found.grads, learningRate);
      await read(gradNorm);
      const end = performance.now();
      free(found);
      gradNorm.dispose();
      return {gradients: between - start, optimizer: end - between};
    },
    dispose() {
      optimizer.dispose();
      disposeData();
    }
  };
}
