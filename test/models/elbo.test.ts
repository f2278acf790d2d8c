// The exact mixture against sums in float64, its gradients against finite differences, and the pipeline's bound against
// the loss that the prior is trained with.

import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, test} from "vitest";
import {type ElboConfig, elboLoss, elboShapes, elboTerms, initElbo} from "../../components/models/elbo.js";
import {attentionMasks, priorLoss} from "../../components/models/prior.js";
import {dispose, type Params, read, tensor, tidy, useBackend, valueAndGrads} from "../../components/tensor/index.js";
import {boundTerms} from "../../components/training/bound.js";
import {createTrainer} from "../../components/training/createTask.js";
import {textIds} from "../../components/training/priorTask.js";
import {recipeBpe} from "../../components/training/recipeBpe.js";
import {stream} from "../../data/random.js";
import {example} from "../../data/scenes/index.js";
import {shippedDvae, shippedPrior} from "../../scripts/shipped.js";

const config: ElboConfig = {side: 2, codes: 5, hidden: 3, sigma: 0.4, prior: "learnt"};
const size = config.side ** 2 * 3;
const batch = 3;

beforeAll(async () => {
  await useBackend("wasm");
});

type Arrays = Record<string, Float64Array>;

function arrays(): {params: Arrays; x: Float64Array} {
  const random = stream(3, "elbo reference");
  const weights = initElbo(config, random);
  const params = Object.fromEntries(
    Object.entries(weights).map(([name, {data}]) => [name, Float64Array.from(data, (v) => v + 0.3 * random.normal())])
  );
  return {params, x: Float64Array.from({length: batch * size}, () => random.uniform())};
}

/** The mean terms, by plain loops. */
function reference(params: Arrays, x: Float64Array, beta: number) {
  const {codes, hidden, sigma} = config;
  const logits = params["prior.logits"]!;
  const logZ = logSum(Array.from(logits));
  const sums = {loss: 0, logPx: 0, elbo: 0, gap: 0, reconstruction: 0, kl: 0};
  for (let i = 0; i < batch; ++i) {
    const image = x.subarray(i * size, (i + 1) * size);
    const narrow = Array.from({length: hidden}, (_, h) =>
      image.reduce((sum, v, d) => sum + (v - 0.5) * params["encoder.input.weight"]![d * hidden + h]!, 0)
    );
    const scores = Array.from(
      {length: codes},
      (_, k) =>
        params["encoder.output.bias"]![k]! +
        narrow.reduce((sum, v, h) => sum + v * params["encoder.output.weight"]![h * codes + k]!, 0)
    );
    const logQ = scores.map((s) => s - logSum(scores));
    const likelihood = Array.from({length: codes}, (_, k) =>
      image.reduce((sum, v, d) => {
        const z = (v - params["decoder.pictures"]![k * size + d]!) / sigma;
        return sum - 0.5 * z * z - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
      }, 0)
    );
    const logP = Array.from(logits, (l) => l - logZ);
    const reconstruction = logQ.reduce((sum, l, k) => sum + Math.exp(l) * likelihood[k]!, 0);
    const kl = logQ.reduce((sum, l, k) => sum + Math.exp(l) * (l - logP[k]!), 0);
    const logPx = logSum(likelihood.map((l, k) => l + logP[k]!));
    const terms = {
      loss: beta * kl - reconstruction,
      logPx,
      elbo: reconstruction - kl,
      gap: logPx - reconstruction + kl,
      reconstruction,
      kl
    };
    for (const [name, value] of Object.entries(terms)) sums[name as keyof typeof sums] += value / batch;
  }
  return sums;
}

function logSum(values: number[]): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((sum, v) => sum + Math.exp(v - top), 0));
}

function tensorsOf(params: Arrays): Params {
  const shapes = elboShapes(config);
  return Object.fromEntries(
    Object.entries(params).map(([name, data]) => [name, tensor(Float32Array.from(data), [...shapes.get(name)!])])
  );
}

describe("the exact mixture", () => {
  test("its terms and gradients are those of plain sums", async () => {
    const {params, x} = arrays();
    const tensors = tensorsOf(params);
    const input = tensor(Float32Array.from(x), [batch, size]);
    const {loss, aux, grads} = valueAndGrads(tensors, (p) => elboLoss(p, config, input, {beta: 1.7}));
    const expected = reference(params, x, 1.7);
    expect((await read(loss))[0]).toBeCloseTo(expected.loss, 3);
    for (const [name, value] of Object.entries(aux)) {
      expect((await read(value))[0], name).toBeCloseTo(expected[name as keyof typeof expected], 3);
    }
    for (const [name, grad] of Object.entries(grads)) {
      const found = await read(grad);
      for (let i = 0; i < found.length; i += 3) {
        const at = (d: number) => {
          const data = params[name]!.slice();
          data[i]! += d;
          return reference({...params, [name]: data}, x, 1.7).loss;
        };
        expect(found[i], `${name}[${i}]`).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 2);
      }
    }
    dispose([input, loss, ...Object.values(aux), ...Object.values(grads), ...Object.values(tensors)]);
  });

  test("the bound is never crossed in training, and rises", async () => {
    const trainer = createTrainer({model: "elbo", size: "xs", seed: 1, config: {batchSize: 16}});
    const first = (await trainer.update({}, true))!;
    for (let i = 0; i < 40; ++i) {
      const {gap} = (await trainer.update({}, true))!;
      expect(gap).toBeGreaterThan(-1e-3);
    }
    const last = (await trainer.update({}, true))!;
    expect(last.heldElbo).toBeGreaterThan(first.heldElbo!);
    expect(last.heldElbo).toBeLessThan(last.heldLogPx! + 1e-3);
    trainer.dispose();
  });

  test("a uniform prior stays uniform", async () => {
    const plain = {...config, prior: "uniform"} as const;
    const {params, x} = arrays();
    const tensors = tensorsOf(params);
    const input = tensor(Float32Array.from(x), [batch, size]);
    const {grads, ...rest} = valueAndGrads(tensors, (p) => elboLoss(p, plain, input, {beta: 1}));
    expect(Math.max(...(await read(grads["prior.logits"]!)).map(Math.abs))).toBe(0);
    const {kl} = tidy(() => ({kl: elboTerms(tensors, plain, input).kl!}));
    for (const value of await read(kl)) expect(value).toBeLessThanOrEqual(Math.log(config.codes) + 1e-5);
    dispose([input, kl, rest.loss, ...Object.values(rest.aux), ...Object.values(grads), ...Object.values(tensors)]);
  });
});

test("the pipeline's bound adds up to the losses that its models are trained with", async () => {
  const dvae = shippedDvae("xs");
  const {recipe, weights} = shippedPrior("xs");
  const params = (named: typeof weights): Params =>
    Object.fromEntries(Object.entries(named).map(([name, {shape, data}]) => [name, tensor(data, [...shape])]));
  const [first, second] = [params(dvae.weights), params(weights)];
  const scene = example("xs", "iid", 5);
  const text = textIds(recipeBpe(recipe), recipe, scene.caption);
  const image = {shape: [1, 16, 16, 3], data: scene.image()};
  const terms = await boundTerms(
    {dvaeConfig: dvae.config, dvae: first, recipe, prior: second},
    {image, text, draws: 4, seed: 1}
  );
  const {config: shape} = recipe;
  const count = text.filter((id) => id < shape.textVocabulary).length;
  const masks = attentionMasks(shape);
  const made = tidy(() => {
    const {aux} = priorLoss(
      second,
      shape,
      masks,
      {
        text: tensor(text, [1, shape.textLength], "int32"),
        textWeight: tensor(
          Float32Array.from(text, (id) => Number(id < shape.textVocabulary)),
          [1, shape.textLength]
        ),
        image: tensor(Int32Array.from(terms.tokens.data), [1, 16], "int32")
      },
      {textWeight: 1, imageWeight: 1}
    );
    return {text: aux.textLoss!, image: aux.imageLoss!};
  });
  const total = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  expect(terms.text.length).toBe(count);
  expect(total(terms.text)).toBeCloseTo((await read(made.text))[0]!, 3);
  expect(total(terms.tokenCost.data)).toBeCloseTo(16 * (await read(made.image))[0]!, 3);
  for (const kl of terms.uniformKl.data) {
    expect(kl).toBeGreaterThan(-1e-5);
    expect(kl).toBeLessThanOrEqual(Math.log(terms.codes) + 1e-4);
  }
  // Gibbs: no prior costs less than the encoder's own entropy, position by position summed.
  const entropy = 16 * Math.log(terms.codes) - total(terms.uniformKl.data);
  expect(total(terms.crossEntropy.data)).toBeGreaterThan(entropy - 6); // four draws only
  dispose([...Object.values(first), ...Object.values(second), ...Object.values(made)]);
  for (const mask of masks) mask.dispose();
});

test("the shipped mixture knows ln p(x) of held-back images, above its bound", () => {
  const {curve} = JSON.parse(readFileSync("data/checkpoints/xs-elbo.json", "utf8")) as {
    curve: Record<string, number[]>;
  };
  curve.heldElbo!.forEach((elbo, i) => {
    expect(elbo).toBeLessThan(curve.heldLogPx![i]!);
  });
});
