// What the benchmark calls plain tfjs computes what our models do: the same loss and the same gradient.

import {variableGrads} from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, test} from "vitest";
import {dvaeLoss} from "../../components/models/dvae.js";
import {attentionMasks, priorLoss} from "../../components/models/prior.js";
import type {Weights} from "../../components/models/weights.js";
import {
  type Params,
  paramsOf,
  read,
  type Tensor,
  tensor,
  useBackend,
  valueAndGrads
} from "../../components/tensor/index.js";
import {dvaeInputs, type Floats, type Integers, priorInputs} from "../../scripts/bench/inputs.js";
import {dvaeLoss as plainDvaeLoss} from "../../scripts/bench/peers/plain/dvae.js";
import {registerStockGradients} from "../../scripts/bench/peers/plain/nodeGradients.js";
import {priorLoss as plainPriorLoss} from "../../scripts/bench/peers/plain/prior.js";
import {startPlain} from "../../scripts/bench/peers/plain/start.js";
import {variablesOf} from "../../scripts/bench/peers/plain/training.js";
import {cell, head, written} from "../../scripts/bench/table.js";

const dvaeConfig = {...dvaeInputs().config, imageSize: 8, widths: [8, 16], codes: 6, codeWidth: 8};
const dvae = (["gumbelSoftmax", "straightThrough"] as const).map((estimator) =>
  dvaeInputs({...dvaeConfig, estimator}, 4)
);
const prior = priorInputs(
  {...priorInputs().config, textLength: 3, grid: 4, codes: 6, layers: 2, heads: 2, headSize: 4},
  3
);

interface Found {
  readonly loss: number;
  readonly grads: Record<string, Float32Array>;
}
let plain: {dvae: Found[]; prior: Found};

// First: tfjs's registries are global, and ours replace what is there.
beforeAll(async () => {
  await startPlain("wasm", registerStockGradients);
  const found = (weights: Weights, lossOf: (variables: ReturnType<typeof variablesOf>) => () => Tensor) => {
    const variables = variablesOf(weights);
    const {value, grads} = variableGrads(lossOf(variables) as Parameters<typeof variableGrads>[0]);
    const names = Object.fromEntries(Object.entries(variables).map(([name, variable]) => [variable.name, name]));
    return readAll(value, Object.fromEntries(Object.entries(grads).map(([name, grad]) => [names[name], grad])));
  };
  plain = {
    dvae: await Promise.all(
      dvae.map((inputs) => found(inputs.weights, (variables) => plainDvaeLoss(inputs, variables)))
    ),
    prior: await found(prior.weights, (variables) => plainPriorLoss(prior, variables))
  };
  await useBackend("wasm");
});

describe("plain tfjs has our loss and gradient", () => {
  test.each(dvae.map((inputs, i) => ({inputs, i})))("of the dVAE, $inputs.config.estimator", async ({inputs, i}) => {
    const [x, gumbel] = [tensorOf(inputs.x), tensorOf(inputs.gumbel)];
    const own = await ours(inputs.weights, (params) => dvaeLoss(params, inputs.config, x, gumbel, inputs.hyper));
    expectSame(plain.dvae[i]!, own);
  });

  test("of the prior", async () => {
    const {config, hyper} = prior;
    const masks = attentionMasks(config);
    const batch = {text: tensorOf(prior.text), textWeight: tensorOf(prior.textWeight), image: tensorOf(prior.image)};
    expectSame(plain.prior, await ours(prior.weights, (params) => priorLoss(params, config, masks, batch, hyper)));
  });
});

test("a cell gives the median, the range and the ratio of each round", () => {
  expect(written([3, 1, 2.0004])).toBe("2 (1–3)");
  expect(written([1, 2])).toBe("1.5 (1–2)");
  expect(cell([30, 10, 20], [10, 10, 5])).toBe("20 (10–30), × 3 (1–4)");
  expect(head(["", "a"])).toBe("|  | a |\n| --- | ---: |");
});

async function ours(weights: Weights, loss: Parameters<typeof valueAndGrads>[1]): Promise<Found> {
  const params: Params = paramsOf(weights);
  const found = valueAndGrads(params, loss);
  return readAll(found.loss, found.grads);
}

async function readAll(loss: Tensor, grads: Record<string, Tensor>): Promise<Found> {
  const named = await Promise.all(
    Object.entries(grads).map(async ([name, grad]) => [name, (await read(grad)) as Float32Array] as const)
  );
  return {loss: (await read(loss))[0]!, grads: Object.fromEntries(named)};
}

function expectSame(got: Found, expected: Found): void {
  expect(got.loss).toBeCloseTo(expected.loss, 5);
  expect(Object.keys(got.grads).sort()).toEqual(Object.keys(expected.grads).sort());
  const all = Object.entries(expected.grads);
  const norm = Math.hypot(...all.flatMap(([, values]) => Array.from(values)));
  const difference = Math.hypot(
    ...all.flatMap(([name, values]) => Array.from(values, (value, i) => value - got.grads[name]![i]!))
  );
  expect(difference / norm).toBeLessThan(1e-4);
}

function tensorOf({shape, data}: Floats | Integers): Tensor {
  return tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
}
