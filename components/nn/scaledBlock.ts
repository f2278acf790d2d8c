// A residual block whose inside is computed in a narrow format with a gradient scale of its own, and whose identity path
// stays in float32: figure 4 of the paper. Numbers are held in float32 and rounded to the format wherever such a block
// would store them; within an op (a matrix product, a softmax) sums are exact to float32, as in a GPU's accumulators.

import {add, customGrad, div, finiteOrZero, mul, type Params, roundedTo, type Tensor} from "../tensor/index.js";
import type {FloatFormat} from "./floatFormat.js";

/** How the inside of a block is computed. */
export interface BlockPrecision {
  /** Of activations and weights; null leaves them in float32. */
  readonly format: FloatFormat | null;
  /** Of gradients. */
  readonly gradientFormat: FloatFormat | null;
  /** A scalar: what gradients inside are multiplied by. */
  readonly scale: Tensor;
  /** Called in the backward pass with each activation gradient inside the block, scaled, not yet rounded. */
  readonly watch?: (gradient: Tensor) => void;
}

/** The block's weights, and `store`, which rounds what the block would keep: on the way forward and on the way back. */
export type Branch = (x: Tensor, params: Params, store: (x: Tensor) => Tensor) => Tensor;

/**
 * x + branch(x). Forward, x is rounded on its way in. Backward: gradient × scale, rounded, through the branch, filtered
 * (∞ and NaN → 0), ÷ scale, and added to the gradient of the identity path. params are those of the branch; the gradients
 * of weights are rounded too, and unscaled. One that is ∞ or NaN stays so, for the optimiser to see.
 */
export function scaledBlock(x: Tensor, params: Params, precision: BlockPrecision, branch: Branch): Tensor {
  const inside = Object.entries(params).map(([name, p]) => [
    name,
    name.endsWith(".weight") ? narrowWeight(p, precision) : wideParameter(p, precision)
  ]);
  const store = (h: Tensor) => stored(h, precision);
  return add(x, leave(branch(enter(x, precision), Object.fromEntries(inside), store), precision));
}

/** Into the block: rounded. Back: rounded, filtered, unscaled. */
function enter(x: Tensor, precision: BlockPrecision): Tensor {
  const back = (dy: Tensor, scale: Tensor) => {
    const inside = storedGradient(dy, precision);
    return div(finiteOrZero(inside), scale);
  };
  return scaledOp(x, precision, rounder(precision.format), back);
}

/** Out of the block: rounded. Back: scaled, rounded. */
function leave(y: Tensor, precision: BlockPrecision): Tensor {
  const back = (dy: Tensor, scale: Tensor) => storedGradient(mul(dy, scale), precision);
  return scaledOp(y, precision, rounder(precision.format), back);
}

/** Kept within the block: rounded both ways. */
function stored(h: Tensor, precision: BlockPrecision): Tensor {
  return scaledOp(h, precision, rounder(precision.format), (dy) => storedGradient(dy, precision));
}

function storedGradient(dy: Tensor, {gradientFormat, watch}: BlockPrecision): Tensor {
  watch?.(dy);
  return rounder(gradientFormat)(dy);
}

function narrowWeight(weight: Tensor, precision: BlockPrecision): Tensor {
  const round = rounder(precision.gradientFormat);
  return scaledOp(weight, precision, rounder(precision.format), (dy, scale) => div(round(dy), scale));
}

/** Gains and biases stay in float32, and so do their gradients. */
function wideParameter(parameter: Tensor, precision: BlockPrecision): Tensor {
  return scaledOp(parameter, precision, same, div);
}

const same = (x: Tensor): Tensor => x.clone();

function rounder(format: FloatFormat | null): (x: Tensor) => Tensor {
  return format === null ? same : (x) => roundedTo(x, format);
}

/** y = forward(x), with dx = backward(dy, scale). */
function scaledOp(
  x: Tensor,
  {scale}: BlockPrecision,
  forward: (x: Tensor) => Tensor,
  backward: (dy: Tensor, scale: Tensor) => Tensor
): Tensor {
  return customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([scale]);
    return {value: forward(input as Tensor), gradFunc: (dy, [saved]) => backward(dy, saved as Tensor)};
  })(x);
}
