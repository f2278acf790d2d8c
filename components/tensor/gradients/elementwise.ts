// Gradients of ops that work number by number, with broadcasting.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {asFloat, type Gradient, listed, sumToShape} from "./gradient.js";

/** y = f(x): dx from dy and x. */
function ofInput(dx: (dy: Tensor, x: Tensor) => Tensor): Gradient {
  return {inputs: ["x"], backward: (dy, [x]) => ({x: () => dx(dy, x!)})};
}

/** y = f(x): dx from dy and y. */
function ofOutput(dx: (dy: Tensor, y: Tensor) => Tensor): Gradient {
  return {output: true, backward: (dy, [y]) => ({x: () => dx(dy, y!)})};
}

/** y = f(a, b) with broadcasting: the two derivatives before summing. */
function ofPair(
  da: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  db: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  output = false
): Gradient {
  return {
    inputs: ["a", "b"],
    output,
    backward: (dy, [a, b, y]) => ({
      a: () => sumToShape(da(dy, a!, b!, y!), a!.shape),
      b: () => sumToShape(db(dy, a!, b!, y!), b!.shape)
    })
  };
}

/** In one pass where the backend has a kernel of ours for it. */
function reluGradient(dy: Tensor, y: Tensor): Tensor {
  if (tf.getKernel("ReluGrad", tf.getBackend())) return tf.engine().runKernel("ReluGrad", {dy, y}) as Tensor;
  return tf.mul(dy, tf.step(y));
}

export const elementwiseGradients: Record<string, Gradient> = {
  Identity: {backward: (dy) => ({x: () => dy.clone()})},
  Cast: {backward: (dy) => ({x: () => dy.clone()})},
  Neg: {backward: (dy) => ({x: () => tf.neg(dy)})},
  Exp: ofOutput((dy, y) => tf.mul(dy, y)),
  Log: ofInput((dy, x) => tf.div(dy, x)),
  Log1p: ofInput((dy, x) => tf.div(dy, tf.add(x, 1))),
  Sqrt: ofOutput((dy, y) => tf.div(dy, tf.mul(y, 2))),
  Rsqrt: ofOutput((dy, y) => tf.mul(dy, tf.mul(tf.mul(y, tf.square(y)), -0.5))),
  Reciprocal: ofOutput((dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  Square: ofInput((dy, x) => tf.mul(dy, tf.mul(x, 2))),
  Abs: ofInput((dy, x) => tf.mul(dy, tf.sign(x))),
  Sin: ofInput((dy, x) => tf.mul(dy, tf.cos(x))),
  Cos: ofInput((dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  Erf: ofInput((dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  Relu: ofOutput(reluGradient),
  Sigmoid: ofOutput((dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  Tanh: ofOutput((dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  Softplus: ofInput((dy, x) => tf.mul(dy, tf.sigmoid(x))),
  ClipByValue: {
    inputs: ["x"],
    backward: (dy, [x], {clipValueMin, clipValueMax}) => ({
      x: () => {
        const inside = tf.logicalAnd(
          tf.greaterEqual(x!, clipValueMin as number),
          tf.lessEqual(x!, clipValueMax as number)
        );
        return tf.mul(dy, asFloat(inside));
      }
    })
  },
  Add: ofPair(
    (dy) => dy,
    (dy) => dy
  ),
  Sub: ofPair(
    (dy) => dy,
    (dy) => tf.neg(dy)
  ),
  Multiply: ofPair(
    (dy, _, b) => tf.mul(dy, b),
    (dy, a) => tf.mul(dy, a)
  ),
  RealDiv: ofPair(
    (dy, _, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.mul(dy, tf.div(tf.div(a, b), b)))
  ),
  // Of equals the first operand has the gradient.
  Maximum: ofPair(
    (dy, a, b) => tf.mul(dy, asFloat(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, asFloat(tf.less(a, b)))
  ),
  Minimum: ofPair(
    (dy, a, b) => tf.mul(dy, asFloat(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, asFloat(tf.greater(a, b)))
  ),
  SquaredDifference: ofPair(
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2))
  ),
  // The exponent's gradient takes 0 where the base is not positive, as ln of it is not real.
  Pow: ofPair(
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    (dy, a, _, y) => {
      const positive = tf.greater(a, 0);
      return tf.mul(dy, tf.mul(y, tf.where(positive, tf.log(tf.where(positive, a, tf.onesLike(a))), tf.zerosLike(a))));
    },
    true
  ),
  AddN: {inputs: "all", backward: (dy, saved) => listed(saved.map(() => () => dy.clone()))},
  Select: {
    inputs: ["condition", "t", "e"],
    backward: (dy, [condition, t, e]) => ({
      t: () => sumToShape(tf.mul(dy, asFloat(condition!)), t!.shape),
      e: () => sumToShape(tf.mul(dy, asFloat(tf.logicalNot(condition!))), e!.shape)
    })
  }
};
