// The VQ-VAE (van den Oord et al. 2017): an image becomes a grid of vectors, and each vector is replaced by the nearest
// of K learnt ones, the codebook e.
//
// Shapes: B images, H×W pixels, h×w = H/2×W/2 positions, K codes of D numbers. Images are in [0, 1], channels last.

import type {Stream} from "../../data/random.js";
import {
  add,
  argMax,
  conv2d,
  embedding,
  matMul,
  maxPool2,
  mean,
  mul,
  type Params,
  relu,
  reshape,
  sigmoid,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  upsample2
} from "../tensor/index.js";
import type {VqVaeConfig, VqVaeHyper} from "./vqvaeConfig.js";
import {fillWeights, type Shapes, type Weights} from "./weights.js";

/** x (B, H, W, 3) → z_e (B, h, w, D). */
export function encode(params: Params, config: VqVaeConfig, x: Tensor): Tensor {
  let h = relu(conv(params, "encoder.input", sub(mul(x, 2), 1))); // (B, H, W, widths[0])
  h = conv(params, "encoder.down", maxPool2(h)); // (B, h, w, widths[1])
  for (let b = 1; b <= config.blocks; ++b) h = residual(params, `encoder.block${b}`, h);
  return conv(params, "encoder.output", relu(h)); // (B, h, w, D)
}

/** z_q (B, h, w, D) → x̂ (B, H, W, 3). */
export function decode(params: Params, config: VqVaeConfig, zQ: Tensor): Tensor {
  let h = conv(params, "decoder.input", zQ); // (B, h, w, widths[1])
  for (let b = 1; b <= config.blocks; ++b) h = residual(params, `decoder.block${b}`, h);
  h = relu(conv(params, "decoder.up", upsample2(relu(h)))); // (B, H, W, widths[0])
  return sigmoid(conv(params, "decoder.output", h));
}

/** h + W₂ relu(W₁ relu(h)), a 3×3 and a 1×1 convolution. */
function residual(params: Params, name: string, h: Tensor): Tensor {
  return add(h, conv(params, `${name}.conv2`, relu(conv(params, `${name}.conv1`, relu(h)))));
}

function conv(params: Params, name: string, x: Tensor): Tensor {
  return conv2d(x, params[`${name}.weight`]!, params[`${name}.bias`]!);
}

/** Tokens: k = arg min_j ‖z_e − e_j‖². (B, h, w, D) and (K, D) → int32 (B, h, w). */
export function nearestCodes(zE: Tensor, codebook: Tensor): Tensor {
  const e = stopGradient(codebook);
  const rows = reshape(stopGradient(zE), [-1, e.shape[1]!]);
  // ‖z − e‖² = ‖z‖² − 2 z·e + ‖e‖², and ‖z‖² is the same for all codes.
  const products = mul(matMul(rows, e, false, true), 2);
  return reshape(argMax(sub(products, sum(square(e), -1)), -1), zE.shape.slice(0, -1));
}

/** The codes that tokens name: int32 (B, h, w) → z_q (B, h, w, D). */
export function lookUp(params: Params, tokens: Tensor): Tensor {
  return embedding(params.codebook!, tokens);
}

/** What the backward pass does at the quantiser. The VQ-VAE has both; the page shows what each is for. */
export interface Backward {
  /** Blocks the gradient in the second and third term. */
  readonly sg: boolean;
  /** Carries the decoder's gradient past the choice of a code to the encoder. */
  readonly copy: boolean;
}

/**
 * −ln p(x | z_q) + ‖sg[z_e] − e‖² + β ‖z_e − sg[e]‖², each as a mean: over sub-pixels, and over the positions of the grid.
 * The first term is a Gaussian's, without its constant.
 */
export function vqLoss(
  params: Params,
  config: VqVaeConfig,
  x: Tensor,
  hyper: VqVaeHyper,
  backward: Backward = {sg: true, copy: true}
): {loss: Tensor; aux: Record<string, Tensor>} {
  const sg = backward.sg ? stopGradient : (t: Tensor) => t;
  const zE = encode(params, config, x); // (B, h, w, D)
  const e = lookUp(params, nearestCodes(zE, params.codebook!)); // the chosen codes, (B, h, w, D)
  // Straight-through: forwards this is e, backwards it is z_e.
  const zQ = backward.copy ? add(zE, stopGradient(sub(e, zE))) : e;
  const error = mean(square(sub(x, decode(params, config, zQ))));
  const reconstruction = mul(error, 1 / (2 * config.pixelVariance));
  // The same number twice: the first moves the codes towards the outputs, the second the outputs towards the codes.
  const codesToOutputs = mean(sum(square(sub(sg(zE), e)), -1));
  const outputsToCodes = mean(sum(square(sub(zE, sg(e))), -1));
  const vq = add(mul(codesToOutputs, hyper.codebook), mul(outputsToCodes, hyper.commitment));
  const loss = add(mul(reconstruction, hyper.reconstruction), vq);
  return {loss, aux: {error, quantisation: codesToOutputs}};
}

/** All parameters by name with their shapes: convolution weights [k, k, in, out] and biases [out], the codebook [K, D]. */
export function vqVaeShapes({widths: [full, grid], blocks, codes, dimensions}: VqVaeConfig): Shapes {
  const shapes = new Map<string, readonly number[]>();
  const addConv = (name: string, kernel: number, from: number, to: number) => {
    shapes.set(`${name}.weight`, [kernel, kernel, from, to]);
    shapes.set(`${name}.bias`, [to]);
  };
  const addBlocks = (part: string) => {
    for (let b = 1; b <= blocks; ++b) {
      addConv(`${part}.block${b}.conv1`, 3, grid, grid);
      addConv(`${part}.block${b}.conv2`, 1, grid, grid);
    }
  };
  addConv("encoder.input", 3, 3, full);
  addConv("encoder.down", 3, full, grid);
  addBlocks("encoder");
  addConv("encoder.output", 1, grid, dimensions);
  shapes.set("codebook", [codes, dimensions]);
  addConv("decoder.input", 1, dimensions, grid);
  addBlocks("decoder");
  addConv("decoder.up", 3, grid, full);
  addConv("decoder.output", 3, full, 3);
  return shapes;
}

/** Convolutions N(0, 2 / (n_in k²)), those into z_e and x̂ N(0, 1 / (n_in k²)), zero biases; codes N(0, 1). */
export function initVqVae(config: VqVaeConfig, stream: Stream): Weights {
  return fillWeights(vqVaeShapes(config), stream, (name, shape) => {
    if (name === "codebook") return 1;
    if (shape.length === 1) return 0;
    const gain = name.endsWith("output.weight") || name.startsWith("decoder.input") ? 1 : 2;
    return Math.sqrt(gain / (shape[0]! * shape[1]! * shape[2]!));
  });
}
