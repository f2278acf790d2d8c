// Views of a VQ-VAE for the figures.

import type {Stream} from "../../data/random.js";
import {bitsOf, drawGrid, priorKinds, tokenPrior} from "../models/neighbourPrior.js";
import {decode, encode, lookUp, nearestCodes, vqLoss} from "../models/vqvae.js";
import {type VqVaeConfig, vqGridSize} from "../models/vqvaeConfig.js";
import {
  add,
  dispose,
  mul,
  type Params,
  read,
  reshape,
  slice,
  sqrt,
  square,
  stack,
  sum,
  type Tensor,
  tensor,
  tidy,
  valueAndGrads
} from "../tensor/index.js";
import {BatchSource} from "./dataset.js";
import {countCodes} from "./dvaeTask.js";
import {imageTensor, pixelsOf} from "./images.js";
import type {ProbeArgs} from "./modelTrainer.js";
import type {ArrayPayload, ProbeResult} from "./protocol.js";

export interface Probed {
  readonly params: Params;
  readonly config: VqVaeConfig;
  /** Held-back images (n, H, W, 3). */
  readonly held: Tensor;
  readonly run: Stream;
}

/** The parts of the model that a gradient may move, and the terms of the loss that may move them. */
export const parts = ["encoder", "codebook", "decoder"] as const;
export const terms = ["reconstruction", "codebook", "commitment"] as const;

const probes: Readonly<Record<string, (model: Probed, args: ProbeArgs) => Promise<ProbeResult>>> = {
  reconstructions,
  usage,
  codebook,
  plane,
  place,
  gradients,
  tokens: tokensOf,
  decode: decodeGiven,
  priors
};

export function vqProbe(model: Probed, name: string, args: ProbeArgs): Promise<ProbeResult> {
  const probe = probes[name];
  if (probe === undefined) throw new Error(`vqProbe: expected ${Object.keys(probes).join(", ")}, got ${name}`);
  return probe(model, args);
}

/** Images before and after; "smooth" is decoded from z_e, which no code has replaced. */
async function reconstructions({params, config, held}: Probed, {count = 6}: ProbeArgs): Promise<ProbeResult> {
  return pictures(() => {
    const x = first(held, Number(count));
    const zE = encode(params, config, x);
    return {
      inputs: mul(x, 1),
      smooth: decode(params, config, zE),
      hard: decode(params, config, lookUp(params, nearestCodes(zE, params.codebook!)))
    };
  });
}

async function usage({params, config, held}: Probed): Promise<ProbeResult> {
  const tokens = tidy(() => nearestCodes(encode(params, config, held), params.codebook!));
  const counts = countCodes(await read(tokens), config.codes);
  dispose(tokens);
  return {counts: {shape: [config.codes], data: counts}};
}

/** The codes' vectors [K, D], and what each looks like: uint8 [K, 2, 2, 3], the middle of a grid filled with it. */
async function codebook({params, config}: Probed): Promise<ProbeResult> {
  const side = 5;
  const filled = Int32Array.from({length: config.codes * side * side}, (_, i) => Math.floor(i / (side * side)));
  const {patches} = await pictures(() => {
    const image = decode(params, config, lookUp(params, tensor(filled, [config.codes, side, side], "int32")));
    return {patches: slice(image, [0, 4, 4, 0], [config.codes, 2, 2, 3])};
  });
  const vectors = {shape: params.codebook!.shape, data: (await read(params.codebook!)) as Float32Array};
  return {patches: patches!, vectors};
}

/**
 * Encoder outputs [n, 2] of some images' positions, the code of each, and the mean colour uint8 [n, 3] of the pixels that
 * stand there: what can be drawn when a code has two dimensions.
 */
async function plane({params, config, held}: Probed, {images = 8}: ProbeArgs): Promise<ProbeResult> {
  const grid = vqGridSize(config);
  const found = tidy(() => {
    const x = first(held, Number(images));
    const zE = encode(params, config, x);
    const n = zE.size / config.dimensions;
    const cells = sum(sum(reshape(x, [-1, grid, 2, grid, 2, 3]), 4), 2);
    return {
      outputs: reshape(zE, [n, config.dimensions]),
      codes: reshape(nearestCodes(zE, params.codebook!), [n]),
      colours: reshape(mul(cells, 255 / 4), [n, 3])
    };
  });
  const {shape} = found.outputs;
  const result = {
    outputs: {shape, data: (await read(found.outputs)) as Float32Array},
    codes: {shape: [shape[0]!], data: Int32Array.from(await read(found.codes))},
    colours: {shape: [shape[0]!, 3], data: Uint8Array.from(await read(found.colours))}
  };
  dispose(Object.values(found));
  return {...result, ...(await codebook({params, config, held, run: undefined as never}))};
}

/** What the decoder makes of any vector [u, v], of the code nearest to it, and which one that is. */
async function place({params, config}: Probed, {u = 0, v = 0}: ProbeArgs): Promise<ProbeResult> {
  const side = 5;
  const vector = tidy(() =>
    tensor(Array.from({length: side * side}, () => [Number(u), Number(v)]).flat(), [1, side, side, 2])
  );
  const codes = tidy(() => nearestCodes(vector, params.codebook!));
  const middle = (image: Tensor) => slice(image, [0, 4, 4, 0], [1, 2, 2, 3]);
  const made = await pictures(() => ({
    own: middle(decode(params, config, vector)),
    nearest: middle(decode(params, config, lookUp(params, codes)))
  }));
  const code = Int32Array.from(await read(codes)).slice(0, 1);
  dispose([vector, codes]);
  return {...made, code: {shape: [1], data: code}};
}

/** For each term of the loss alone, the norm of its gradient in each part of the model: [3 terms, 3 parts]. */
async function gradients({params, config, held}: Probed, {sg = 1, copy = 1}: ProbeArgs): Promise<ProbeResult> {
  const x = first(held, 16);
  const backward = {sg: Number(sg) !== 0, copy: Number(copy) !== 0};
  const rows = terms.map((term) => {
    const only = {reconstruction: 0, codebook: 0, commitment: 0, [term]: 1};
    const {loss, aux, grads} = valueAndGrads(params, (p) => vqLoss(p, config, x, only, backward));
    const norms = tidy(() => stack(parts.map((part) => normOf(grads, part))));
    dispose([loss, ...Object.values(aux), ...Object.values(grads)]);
    return norms;
  });
  const norms = tidy(() => stack(rows));
  const data = (await read(norms)) as Float32Array;
  dispose([x, norms, ...rows]);
  return {norms: {shape: [terms.length, parts.length], data}};
}

function normOf(grads: Readonly<Record<string, Tensor>>, part: string): Tensor {
  const own = Object.entries(grads).filter(([name]) => name === part || name.startsWith(`${part}.`));
  return sqrt(own.map(([, grad]) => sum(square(grad))).reduce((a, b) => add(a, b)));
}

/** One held-back image, its tokens [h, w], and what is decoded from them. */
async function tokensOf({params, config, held}: Probed, {image = 0}: ProbeArgs): Promise<ProbeResult> {
  const grid = vqGridSize(config);
  const x = tidy(() => slice(held, [Number(image) % held.shape[0]!, 0, 0, 0], [1, -1, -1, -1]));
  const tokens = tidy(() => nearestCodes(encode(params, config, x), params.codebook!));
  const shown = await pictures(() => ({input: mul(x, 1), image: decode(params, config, lookUp(params, tokens))}));
  const data = Int32Array.from(await read(tokens));
  dispose([x, tokens]);
  return {...shown, tokens: {shape: [grid, grid], data}};
}

/** The image of the codes named in args.tokens, "3 17 …" in raster order. */
async function decodeGiven({params, config}: Probed, {tokens = ""}: ProbeArgs): Promise<ProbeResult> {
  const grid = vqGridSize(config);
  const given = String(tokens).split(" ").map(Number);
  const good = (code: number) => Number.isInteger(code) && code >= 0 && code < config.codes;
  if (given.length !== grid * grid || !given.every(good)) {
    throw new Error(`decode: expected ${grid * grid} codes below ${config.codes}, got ${given.length}: ${tokens}`);
  }
  return pictures(() => ({
    image: decode(params, config, lookUp(params, tensor(Int32Array.from(given), [1, grid, grid], "int32")))
  }));
}

/**
 * Priors counted on the tokens of args.images training images: for each, the mean bits of a held-back image's tokens, and
 * args.count pictures drawn from it, as prior "uniform", "frequency", "neighbours".
 */
async function priors({params, config, held, run}: Probed, args: ProbeArgs): Promise<ProbeResult> {
  const {images = 512, count = 6, seed = 1} = args;
  const grid = vqGridSize(config);
  const area = grid * grid;
  const batch = 64;
  const source = new BatchSource("xs", "train", batch, run.child("priors"), false);
  const batches = Math.ceil(Number(images) / batch);
  const fitted = new Int32Array(batches * batch * area);
  for (let i = 0; i < batches; ++i) {
    fitted.set(await encoded(params, config, imageTensor(source.at(i).images)), i * batch * area);
  }
  const heldTokens = await encoded(params, config, mul(held, 1));
  const bits: number[] = [];
  const result: Record<string, ArrayPayload> = {};
  for (const kind of priorKinds) {
    const prior = tokenPrior(kind, fitted.subarray(0, Number(images) * area), grid, config.codes);
    const costs = Array.from({length: held.shape[0]!}, (_, i) =>
      bitsOf(prior, heldTokens.subarray(i * area, (i + 1) * area))
    );
    bits.push(costs.reduce((a, b) => a + b, 0) / costs.length);
    const drawn = new Int32Array(Number(count) * area);
    for (let i = 0; i < Number(count); ++i) {
      drawn.set(drawGrid(prior, area, run.child("draw", Number(seed), kind, i)), i * area);
    }
    const shape = [Number(count), grid, grid];
    const made = await pictures(() => ({image: decode(params, config, lookUp(params, tensor(drawn, shape, "int32")))}));
    result[kind] = made.image!;
  }
  return {...result, bits: {shape: [bits.length], data: Float32Array.from(bits)}};
}

async function encoded(params: Params, config: VqVaeConfig, x: Tensor): Promise<Int32Array> {
  const tokens = tidy(() => nearestCodes(encode(params, config, x), params.codebook!));
  const data = Int32Array.from(await read(tokens));
  dispose([x, tokens]);
  return data;
}

function first(images: Tensor, count: number): Tensor {
  return slice(images, [0, 0, 0, 0], [Math.min(count, images.shape[0]!), -1, -1, -1]);
}

/** Images as bytes; the tensors are gone afterwards. */
async function pictures(make: () => Record<string, Tensor>): Promise<Record<string, ArrayPayload>> {
  const made = tidy(make);
  const result: Record<string, ArrayPayload> = {};
  for (const [name, images] of Object.entries(made)) result[name] = await pixelsOf(images);
  dispose(Object.values(made));
  return result;
}
