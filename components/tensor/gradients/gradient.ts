// What a gradient is, and what several share.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

export type Attributes = Readonly<Record<string, unknown>>;
export type Closures = Record<string, () => Tensor>;

export interface Gradient {
  /** Names of the inputs to save; "all" for kernels with a list of inputs. */
  readonly inputs?: readonly string[] | "all";
  /** Whether the output is saved, after the inputs. */
  readonly output?: boolean;
  readonly backward: (dy: Tensor, saved: Tensor[], attributes: Attributes) => Closures;
}

/** Sums dy over the axes along which an operand of this shape was broadcast. */
export function sumToShape(dy: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], dy.shape);
  const summed = axes.length > 0 ? tf.sum(dy, axes) : dy;
  return sameShape(summed.shape, shape) ? summed.clone() : tf.reshape(summed, [...shape]);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Kernels with a list of inputs name them "0", "1", …. */
export function listed(closures: (() => Tensor)[]): Closures {
  return Object.fromEntries(closures.map((f, i) => [String(i), f]));
}

export const asFloat = (condition: Tensor): Tensor => tf.cast(condition, "float32");
