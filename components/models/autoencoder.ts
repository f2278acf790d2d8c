// An autoencoder, and the variational autoencoder that comes of it. Both have the same two networks: convolutions down to
// a short vector z, the bottleneck, and back.
//
// Shapes: B images, H×W pixels, d latents. Images are in [0, 1], channels last. Formulas: facts sheet, sections 1 and 2.

import type {Stream} from "../../data/random.js";
import {
  abs,
  add,
  conv2d,
  div,
  exp,
  linear,
  matMul,
  maxPool2,
  mean,
  mul,
  type Params,
  relu,
  reshape,
  sigmoid,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  upsample2
} from "../tensor/index.js";
import type {AutoencoderConfig} from "./autoencoderConfig.js";
import {fillWeights, type Shapes, type Weights} from "./weights.js";

/** f_φ: x (B, H, W, 3) → z (B, d). */
export function encode(params: Params, config: AutoencoderConfig, x: Tensor): Tensor {
  return encoderNetwork(params, config, x);
}

/** g_θ: z (B, d) → image in [0, 1] (B, H, W, 3). For a VAE, the mean of p_θ(x | z); it is told β by its strength (B, 1). */
export function decode(params: Params, config: AutoencoderConfig, z: Tensor, strength?: Tensor): Tensor {
  const side = config.imageSize / 4;
  const h = hidden(params, "decoder.hidden", z, strength); // (B, hidden)
  let y = reshape(relu(dense(params, "decoder.input", h)), [-1, side, side, config.widths[2]]);
  y = upsample2(relu(conv(params, "decoder.conv1", y))); // doubles both sides
  y = upsample2(relu(conv(params, "decoder.conv2", y)));
  return sigmoid(conv(params, "decoder.output", y));
}

/** q_φ(z | x) = N(μ, diag σ²): x (B, H, W, 3) → μ and ln σ² (B, d). */
export function posterior(params: Params, config: AutoencoderConfig, x: Tensor, strength: Tensor) {
  const [b = 0] = x.shape;
  const h = encoderNetwork(params, config, x, strength); // (B, 2d)
  return {mu: slice(h, [0, 0], [b, config.latents]), logVariance: slice(h, [0, config.latents], [b, config.latents])};
}

/** z = μ + σ ⊙ ε, with ε from N(0, I): the randomness comes in from outside, so that gradients pass to μ and σ. */
export function reparameterise(mu: Tensor, logVariance: Tensor, epsilon: Tensor): Tensor {
  const sigma = exp(mul(logVariance, 0.5));
  return add(mu, mul(sigma, epsilon));
}

/** D_KL(N(μ, σ²) ‖ N(0, 1)) of each latent, nats: ½ (μ² + σ² − 1 − ln σ²). (B, d) → (B, d). */
export function klToNormal(mu: Tensor, logVariance: Tensor): Tensor {
  return mul(sub(add(square(mu), exp(logVariance)), add(logVariance, 1)), 0.5);
}

/**
 * Mean squared error of the reconstruction, x against g(f(x)). mask (B, d) is 1 for the latents that an image keeps: all
 * of them in an ordinary autoencoder.
 */
export function autoencoderLoss(params: Params, config: AutoencoderConfig, x: Tensor, mask: Tensor) {
  const z = mul(encode(params, config, x), mask);
  const loss = mean(square(sub(decode(params, config, z), x)));
  return {loss, aux: {error: loss}};
}

/** −ln p_θ(x | z) of each image, nats: a Gaussian of width s around the decoder's image, all sub-pixels. (B). */
export function reconstructionNats(config: AutoencoderConfig, x: Tensor, picture: Tensor): Tensor {
  const {pixelScale: s} = config;
  return add(mul(sum(square(sub(x, picture)), [1, 2, 3]), 1 / (2 * s * s)), perfectNats(config));
}

/** −ln p_θ(x | z) where the decoder's image is x itself: what no training takes off. */
export function perfectNats({imageSize, pixelScale: s}: AutoencoderConfig): number {
  return 3 * imageSize ** 2 * (Math.log(s) + 0.5 * Math.log(2 * Math.PI));
}

/**
 * The negative bound, with β before the KL: −ln p_θ(x | z) + β D_KL(q_φ(z | x) ‖ N(0, I)), nats. Each image has a β of its
 * own, given by its strength (B, 1). Divided by 1 + β, so that large β do not drown the rest.
 */
export function vaeLoss(params: Params, config: AutoencoderConfig, x: Tensor, epsilon: Tensor, strength: Tensor) {
  const beta = reshape(betaOf(strength), [-1]); // (B)
  const {mu, logVariance} = posterior(params, config, x, strength);
  const z = reparameterise(mu, logVariance, epsilon);
  const distortion = reconstructionNats(config, x, decode(params, config, z, strength)); // (B)
  const kl = sum(klToNormal(mu, logVariance), 1); // (B)
  const loss = mean(div(add(distortion, mul(beta, kl)), add(beta, 1)));
  return {loss, aux: {distortion: mean(distortion), kl: mean(kl)}};
}

/** Strengths from least, where β = 0, to most, where β is nearly 1024. */
export const strengths = {least: -6, most: 10} as const;

/** β = 2^t − 2^−6 of a strength t: a logarithmic scale that reaches 0. (B, 1) → (B, 1). */
export function betaOf(strength: Tensor): Tensor {
  return sub(exp(mul(strength, Math.LN2)), 2 ** strengths.least);
}

function encoderNetwork(params: Params, config: AutoencoderConfig, x: Tensor, strength?: Tensor): Tensor {
  let h = relu(conv(params, "encoder.conv1", sub(x, 0.5))); // (B, H, W, widths[0])
  h = relu(conv(params, "encoder.conv2", maxPool2(h))); // halves both sides
  h = relu(conv(params, "encoder.conv3", maxPool2(h)));
  const flat = reshape(h, [-1, (config.imageSize / 4) ** 2 * config.widths[2]]);
  return dense(params, "encoder.output", hidden(params, "encoder.hidden", flat, strength));
}

/** A dense layer; a VAE's is scaled and shifted by what it is told of β. */
function hidden(params: Params, name: string, x: Tensor, strength?: Tensor): Tensor {
  const h = dense(params, name, x);
  if (strength === undefined) return relu(h);
  const told = hats(strength); // (B, 5)
  const gain = add(matMul(told, params[`${name}.gain`]!), 1);
  return relu(add(mul(h, gain), matMul(told, params[`${name}.shift`]!)));
}

const centres = [-6, -2, 2, 6, 10];

/** A strength as five numbers, each 1 at its own centre and 0 at the next: functions of them can bend. (B, 1) → (B, 5). */
function hats(strength: Tensor): Tensor {
  const distance = abs(sub(strength, tensor(centres, [1, centres.length])));
  return relu(sub(1, mul(distance, 1 / 4)));
}

function dense(params: Params, name: string, x: Tensor): Tensor {
  return linear(x, params[`${name}.weight`]!, params[`${name}.bias`]!);
}

function conv(params: Params, name: string, x: Tensor): Tensor {
  return conv2d(x, params[`${name}.weight`]!, params[`${name}.bias`]!);
}

/** All parameters by name with their shapes: convolutions [3, 3, in, out], dense layers [in, out], biases [out]. */
export function autoencoderShapes(config: AutoencoderConfig): Shapes {
  const [a, b, c] = config.widths;
  const flat = (config.imageSize / 4) ** 2 * c;
  const shapes = new Map<string, readonly number[]>();
  const layer = (name: string, from: number, to: number, kernel: readonly number[] = []) => {
    shapes.set(`${name}.weight`, [...kernel, from, to]);
    shapes.set(`${name}.bias`, [to]);
  };
  const told = (name: string) => {
    if (!config.variational) return;
    shapes.set(`${name}.gain`, [centres.length, config.hidden]);
    shapes.set(`${name}.shift`, [centres.length, config.hidden]);
  };
  layer("encoder.conv1", 3, a, [3, 3]);
  layer("encoder.conv2", a, b, [3, 3]);
  layer("encoder.conv3", b, c, [3, 3]);
  layer("encoder.hidden", flat, config.hidden);
  told("encoder.hidden");
  layer("encoder.output", config.hidden, config.latents * (config.variational ? 2 : 1));
  layer("decoder.hidden", config.latents, config.hidden);
  told("decoder.hidden");
  layer("decoder.input", config.hidden, flat);
  layer("decoder.conv1", c, b, [3, 3]);
  layer("decoder.conv2", b, a, [3, 3]);
  layer("decoder.output", a, 3, [3, 3]);
  return shapes;
}

/** Weights N(0, 2 / n_in), as ReLU wants; biases, and what is told, begin at 0. */
export function initAutoencoder(config: AutoencoderConfig, stream: Stream): Weights {
  return fillWeights(autoencoderShapes(config), stream, (name, shape) =>
    name.endsWith(".weight") ? Math.sqrt(2 / shape.slice(0, -1).reduce((x, y) => x * y, 1)) : 0
  );
}
