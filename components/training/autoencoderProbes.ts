// What the figures ask of an autoencoder or a VAE in training. Wherever a VAE is asked, strength says for which β.

import {type Stream, stream} from "../../data/random.js";
import {
  betaOf,
  decode,
  encode,
  klToNormal,
  perfectNats,
  posterior,
  reconstructionNats,
  reparameterise,
  strengths
} from "../models/autoencoder.js";
import type {AutoencoderConfig} from "../models/autoencoderConfig.js";
import {
  add,
  concat,
  dispose,
  exp,
  fill,
  mean,
  mul,
  type Params,
  read,
  reshape,
  slice,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
  valueAndGrads,
  zerosLike
} from "../tensor/index.js";
import {pixelsOf} from "./images.js";
import type {ProbeArgs} from "./modelTrainer.js";
import type {ArrayPayload, Metrics, ProbeResult} from "./protocol.js";

export interface AutoencoderView {
  readonly config: AutoencoderConfig;
  /** Held-back images (n, H, W, 3). */
  readonly held: Tensor;
  readonly run: Stream;
}

type Probe = (params: Params, view: AutoencoderView, args: ProbeArgs) => Promise<ProbeResult>;

const probes: Readonly<Record<string, Probe>> = {
  /** The first `count` held-back images through the bottleneck; of a nested model, through `width` latents. */
  async reconstructions(params, {config, held}, args) {
    const {inputs, outputs} = tidy(() => {
      const x = rows(held, 0, Number(args.count ?? 8));
      const z = keep(config, codesOf(params, config, x, args).mu, Number(args.width ?? config.latents));
      return {inputs: mul(x, 1), outputs: pictures(params, config, z, args)};
    });
    return {inputs: await pixels(inputs), outputs: await pixels(outputs)};
  },

  /** Mean squared error on the held-back images with 1, 2, … d latents. */
  async widths(params, {config, held}) {
    const errors = tidy(() => {
      const x = rows(held, 0, 64);
      const z = encode(params, config, x);
      const error = (width: number) => mean(square(sub(decode(params, config, keep(config, z, width)), x)));
      return stack(Array.from({length: config.latents}, (_, i) => error(i + 1)));
    });
    return {errors: await values(errors)};
  },

  /** μ and σ of every held-back image; an autoencoder's σ is 0. */
  async codes(params, {config, held}, args) {
    const {mu, sigma} = tidy(() => codesOf(params, config, held, args));
    return {mu: await values(mu), sigma: await values(sigma)};
  },

  /** The images of given codes: z lists them, d numbers each. */
  async decode(params, {config}, args) {
    const numbers = String(args.z ?? "")
      .split(",")
      .map(Number);
    const count = numbers.length / config.latents;
    if (!Number.isInteger(count) || !numbers.every(Number.isFinite)) {
      throw new Error(`decode: expected a multiple of ${config.latents} numbers, got ${args.z}`);
    }
    const images = tidy(() => pictures(params, config, tensor(numbers, [count, config.latents]), args));
    return {images: await pixels(images)};
  },

  /** From held-back image a to b in `steps` pictures: pixels mixed, and codes mixed (in their first `width` latents). */
  async interpolation(params, {config, held}, args) {
    const steps = Number(args.steps ?? 7);
    const {mixed, decoded, z} = tidy(() => {
      const ends = concat([rows(held, Number(args.a ?? 0), 1), rows(held, Number(args.b ?? 1), 1)]);
      const share = tensor(
        Array.from({length: steps}, (_, i) => i / (steps - 1)),
        [steps, 1]
      );
      const mix = (pair: Tensor) => {
        const flat = reshape(pair, [2, -1]);
        return add(mul(sub(1, share), rows(flat, 0, 1)), mul(share, rows(flat, 1, 1)));
      };
      const codes = keep(config, codesOf(params, config, ends, args).mu, Number(args.width ?? config.latents));
      const between = mix(codes);
      const {imageSize: n} = config;
      return {
        mixed: reshape(mix(ends), [steps, n, n, 3]),
        decoded: pictures(params, config, between, args),
        z: between
      };
    });
    return {mixed: await pixels(mixed), decoded: await pixels(decoded), z: await values(z)};
  },

  /**
   * Pictures of codes drawn from N(0, I); with fitted = 1 from a normal distribution as wide as the held-back codes, one
   * latent at a time.
   */
  async samples(params, {config, held}, args) {
    const count = Number(args.count ?? 8);
    const noise = new Float32Array(count * config.latents);
    stream(Number(args.seed ?? 1), "samples").fillNormal(noise); // the same for every model
    const {images, z} = tidy(() => {
      const epsilon = tensor(noise, [count, config.latents]);
      if (Number(args.fitted ?? 0) !== 1) return {images: pictures(params, config, epsilon, args), z: epsilon};
      const {mu} = codesOf(params, config, held, args);
      const centre = mean(mu, 0, true);
      const spread = sqrt(mean(square(sub(mu, centre)), 0, true));
      const drawn = add(centre, mul(spread, epsilon));
      return {images: pictures(params, config, drawn, args), z: drawn};
    });
    return {images: await pixels(images), z: await values(z)};
  },

  /**
   * The bound's two terms, mean over the held-back images, nats: distortion is −ln p(x | z) beyond what a perfect picture
   * costs; kl that of each latent.
   */
  async terms(params, view, args) {
    const {distortion, kl, error} = tidy(() => terms(params, view, args));
    const beta = tidy(() => betaOf(tensor([strengthOf(args)])));
    return {
      distortion: await values(distortion),
      kl: await values(kl),
      error: await values(error),
      beta: await values(beta)
    };
  },

  /**
   * For `count` draws of ε at one image: −ln p(x | z), its gradient through the sample for each latent, ε itself, and μ
   * and σ. σ is multiplied by `scale`.
   */
  async gradients(params, {config, held, run}, args) {
    const count = Number(args.count ?? 64);
    const noise = run.child("gradients", Number(args.seed ?? 1)).fillNormal(new Float32Array(count * config.latents));
    const x = tidy(() => rows(held, Number(args.index ?? 0), 1));
    const {mu, sigma} = tidy(() => {
      const {mu: centre, sigma: width} = codesOf(params, config, x, args);
      return {mu: centre, sigma: mul(width, Number(args.scale ?? 1))};
    });
    const epsilon = tensor(noise, [count, config.latents]);
    const z = tidy(() => add(mu, mul(sigma, epsilon)));
    const {loss, grads, aux} = valueAndGrads({z}, (p) => {
      const each = reconstructionNats(config, x, decode(params, config, p.z!, strengthTensor(args, count)));
      return {loss: sum(each), aux: {each}};
    });
    dispose([loss, x]);
    return {
      nats: await values(aux.each!),
      through: await values(grads.z!),
      epsilon: await values(epsilon),
      z: await values(z),
      mu: await values(mu),
      sigma: await values(sigma)
    };
  }
};

/** Throws on a name that there is not. */
export async function autoencoderProbe(params: Params, view: AutoencoderView, name: string, args: ProbeArgs) {
  const probe = probes[name];
  if (probe === undefined) {
    throw new Error(`autoencoder probe: expected ${Object.keys(probes).join(", ")}, got ${name}`);
  }
  return probe(params, view, args);
}

/** Errors on the held-back images; a VAE's at β = 1, where its loss is a bound. */
export async function heldErrors(params: Params, view: AutoencoderView): Promise<Metrics> {
  const {config, held} = view;
  if (!config.variational) {
    const error = tidy(() => mean(square(sub(decode(params, config, encode(params, config, held)), held))));
    return {heldError: (await values(error)).data[0]!};
  }
  const {distortion, kl, error} = tidy(() => terms(params, view, {}));
  const heldKl = Array.from((await values(kl)).data).reduce((a, b) => a + b, 0);
  return {
    /** Beyond what a perfect picture costs. */
    heldDistortion: (await values(distortion)).data[0]!,
    heldKl,
    heldError: (await values(error)).data[0]!
  };
}

function terms(params: Params, {config, held, run}: AutoencoderView, args: ProbeArgs) {
  const [n = 0] = held.shape;
  const strength = strengthTensor(args, n);
  const {mu, logVariance} = posterior(params, config, held, strength);
  // The same draws each time, so that two moments of training can be compared.
  const noise = run.child("terms").fillNormal(new Float32Array(n * config.latents));
  const z = reparameterise(mu, logVariance, tensor(noise, [n, config.latents]));
  const made = decode(params, config, z, strength);
  const distortion = sub(mean(reconstructionNats(config, held, made)), perfectNats(config));
  return {distortion, kl: mean(klToNormal(mu, logVariance), 0), error: mean(square(sub(made, held)))};
}

/** z for use: an autoencoder's code, a VAE's μ; and σ. */
function codesOf(params: Params, config: AutoencoderConfig, x: Tensor, args: ProbeArgs): {mu: Tensor; sigma: Tensor} {
  if (!config.variational) {
    const mu = encode(params, config, x);
    return {mu, sigma: zerosLike(mu)};
  }
  const {mu, logVariance} = posterior(params, config, x, strengthTensor(args, x.shape[0] ?? 0));
  return {mu, sigma: exp(mul(logVariance, 0.5))};
}

function pictures(params: Params, config: AutoencoderConfig, z: Tensor, args: ProbeArgs): Tensor {
  return decode(params, config, z, config.variational ? strengthTensor(args, z.shape[0] ?? 0) : undefined);
}

/** log2(β + 1/64); that of β = 1 by default. */
function strengthOf({strength = Math.log2(1 + 2 ** strengths.least)}: ProbeArgs): number {
  return Math.min(strengths.most, Math.max(strengths.least, Number(strength)));
}

function strengthTensor(args: ProbeArgs, count: number): Tensor {
  return fill([count, 1], strengthOf(args));
}

/** The first `width` latents of each code; the others 0. */
function keep({latents}: AutoencoderConfig, z: Tensor, width: number): Tensor {
  return mul(
    z,
    tensor(
      Array.from({length: latents}, (_, j) => (j < width ? 1 : 0)),
      [1, latents]
    )
  );
}

function rows(x: Tensor, from: number, count: number): Tensor {
  const [n = 0, ...rest] = x.shape;
  const first = Math.min(Math.max(0, from), n - 1);
  return slice(x, [first, ...rest.map(() => 0)], [Math.min(count, n - first), ...rest]);
}

async function values(x: Tensor): Promise<ArrayPayload> {
  const result = {shape: x.shape, data: Float32Array.from(await read(x))};
  dispose(x);
  return result;
}

async function pixels(x: Tensor): Promise<ArrayPayload> {
  const result = await pixelsOf(x);
  dispose(x);
  return result;
}
