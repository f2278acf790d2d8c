// The dVAE and the prior at a toy size against the stored PyTorch float64 results (test/reference/make-models.py).
// Runs on whichever backend is active, in Node and in the browser.

import {dvaeLoss, dvaeShapes} from "../../components/models/dvae.js";
import type {DvaeConfig} from "../../components/models/dvaeConfig.js";
import {paperDvae} from "../../components/models/paper.js";
import {attentionMasks, priorLoss, priorShapes} from "../../components/models/prior.js";
import type {PriorConfig} from "../../components/models/priorConfig.js";
import {type Shapes, sizeOf} from "../../components/models/weights.js";
import {dispose, type Params, read, type Tensor, tensor, valueAndGrads} from "../../components/tensor/index.js";

export interface Summary {
  readonly norm: number;
  readonly first: number;
  readonly middle: number;
  readonly last: number;
}
export interface Results {
  readonly values: Record<string, number>;
  readonly grads: Record<string, Summary>;
}

export const toyDvae: DvaeConfig = {
  ...paperDvae,
  imageSize: 8,
  widths: [4, 8],
  blocks: [2, 2],
  stemKernel: 3,
  codes: 6,
  codeWidth: 5,
  postGain: 0.25,
  pixelScale: 0.1
};

export const toyPrior: PriorConfig = {
  textLength: 3,
  textVocabulary: 7,
  grid: 3,
  codes: 5,
  layers: 3,
  heads: 2,
  headSize: 4,
  masks: "paper",
  convKernel: 3
};

/** The formula of make-models.py: scale · sin(1.7 i + offset), plus 1 for gains. */
export function formulaParams(shapes: Shapes): Params {
  return Object.fromEntries(
    Array.from(shapes, ([name, shape], offset) => {
      const shift = name.endsWith(".gain") ? 1 : 0;
      const data = Float32Array.from({length: sizeOf(shape)}, (_, i) => shift + 0.3 * Math.sin(1.7 * i + offset));
      return [name, tensor(data, [...shape])];
    })
  );
}

export async function dvaeResults(
  likelihood: DvaeConfig["likelihood"],
  estimator: DvaeConfig["estimator"]
): Promise<Results> {
  const config = {...toyDvae, likelihood, estimator};
  const params = formulaParams(dvaeShapes(config));
  const x = tensor(
    Float32Array.from({length: 2 * 8 * 8 * 3}, (_, i) => 0.5 + 0.45 * Math.sin(0.9 * i)),
    [2, 8, 8, 3]
  );
  const gumbel = tensor(
    Float32Array.from({length: 2 * 4 * 4 * 6}, (_, i) => Math.sin(2.3 * i)),
    [2, 4, 4, 6]
  );
  const hyper = {tau: 0.7, beta: 6.6, noise: 1, usageBonus: 0.3, certaintyBonus: 0, usageGroup: 2};
  const results = await summarised(params, (p) => dvaeLoss(p, config, x, gumbel, hyper));
  dispose([x, gumbel]);
  return results;
}

export function toyBatch(): {text: Tensor; textWeight: Tensor; image: Tensor} {
  return {
    text: tensor(Int32Array.from([2, 5, 9, 1, 8, 9]), [2, 3], "int32"),
    textWeight: tensor(Float32Array.from([1 / 3, 1 / 3, 0, 1 / 3, 0, 0]), [2, 3]),
    image: tensor(
      Int32Array.from({length: 18}, (_, i) => (3 * i) % 5),
      [2, 9],
      "int32"
    )
  };
}

export async function priorResults(): Promise<Results> {
  const params = formulaParams(priorShapes(toyPrior));
  const batch = toyBatch();
  const masks = attentionMasks(toyPrior);
  const results = await summarised(params, (p) =>
    priorLoss(p, toyPrior, masks, batch, {textWeight: 1 / 8, imageWeight: 7 / 8})
  );
  dispose(Object.values(batch));
  for (const mask of masks) mask.dispose();
  return results;
}

export async function summarised(
  params: Params,
  f: (params: Params) => {loss: Tensor; aux: Record<string, Tensor>}
): Promise<Results> {
  const {loss, aux, grads} = valueAndGrads(params, f);
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries({loss, ...aux})) {
    if (value.size === 1) values[name] = (await read(value))[0]!;
  }
  const summaries: Record<string, Summary> = {};
  for (const [name, grad] of Object.entries(grads)) {
    const g = await read(grad);
    let squares = 0;
    for (const v of g) squares += v * v;
    summaries[name] = {norm: Math.sqrt(squares), first: g[0]!, middle: g[Math.floor(g.length / 2)]!, last: g.at(-1)!};
  }
  dispose([loss, ...Object.values(aux), ...Object.values(grads), ...Object.values(params)]);
  return {values, grads: summaries};
}

/** The largest error of the results against the stored ones, relative to each gradient's norm. */
export function largestError(
  results: Results,
  stored: {grads: Record<string, Summary>} & Record<string, unknown>
): {error: number; where: string} {
  let worst = {error: 0, where: "nowhere"};
  const note = (error: number, where: string) => {
    if (!(error <= worst.error)) worst = {error, where}; // NaN counts as worst
  };
  for (const [name, value] of Object.entries(results.values)) {
    const expected = stored[name];
    if (typeof expected === "number") note(Math.abs(value - expected) / Math.max(1, Math.abs(expected)), name);
  }
  for (const [name, expected] of Object.entries(stored.grads)) {
    const got = results.grads[name];
    if (got === undefined) throw new Error(`largestError: expected a gradient of ${name}, got none`);
    const scale = expected.norm + 1e-4;
    for (const part of ["norm", "first", "middle", "last"] as const) {
      note(Math.abs(got[part] - expected[part]) / scale, `${name} (${part})`);
    }
  }
  return worst;
}
