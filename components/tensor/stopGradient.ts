// Ops that no gradient flows through, and the means to cut one.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** x as a constant: the same data under a new tensor that the tape has never seen. Any shape. */
export function stopGradient<T extends Tensor>(x: T): T {
  // An op would be recorded on the tape; the bare kernel is not.
  const engine = tf.engine();
  const kernel = tf.getKernel("Identity", engine.backendName);
  const copy = kernel.kernelFunc({inputs: {x}, backend: engine.backend});
  return engine.makeTensorFromTensorInfo(copy as tf.TensorInfo) as T;
}

// Comparisons and indices are piecewise constant. tfjs registers no gradient for them, and so fails when one lies
// between a parameter and the loss, e.g. where(greater(x, 0), x, y): give them constants.
function constant<A extends Tensor | tf.TensorLike>(a: A): A {
  return a instanceof tf.Tensor ? (stopGradient(a) as A) : a;
}

type Operand = Tensor | tf.TensorLike;
type Comparison = (a: Operand, b: Operand) => Tensor;

function comparison(op: (a: Operand, b: Operand) => Tensor): Comparison {
  return (a, b) => tf.tidy(() => op(constant(a), constant(b)));
}

/** Elementwise comparisons with broadcasting, bool. No gradient. */
export const greater: Comparison = comparison(tf.greater);
export const greaterEqual: Comparison = comparison(tf.greaterEqual);
export const less: Comparison = comparison(tf.less);
export const lessEqual: Comparison = comparison(tf.lessEqual);
export const equal: Comparison = comparison(tf.equal);
export const notEqual: Comparison = comparison(tf.notEqual);
/** Elementwise logic of bool tensors. No gradient. */
export const logicalAnd: Comparison = comparison(tf.logicalAnd);
export const logicalOr: Comparison = comparison(tf.logicalOr);
export function logicalNot(a: Tensor): Tensor {
  return tf.tidy(() => tf.logicalNot(constant(a)));
}

/** The index of the largest entry along axis (default the last), int32; the first of equals. No gradient. */
export function argMax(x: Tensor, axis = -1): Tensor {
  return tf.tidy(() => tf.argMax(constant(x), axis));
}

/** int32 indices [...] → float32 [..., depth]. No gradient. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  return tf.tidy(() => tf.cast(tf.oneHot(constant(indices) as tf.Tensor1D, depth), "float32"));
}

/** a where the bool condition holds, else b; all three broadcast. The gradient flows to a and b only. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return tf.tidy(() => tf.where(constant(condition), a, b));
}
