import type {Tensor} from "../../../components/tensor/index.js";
import * as t from "../../../components/tensor/index.js";
import {type Array64, broadcastShape, generate, get, map, zip} from "../../reference/array64.js";
import {erf} from "../../reference/nn64.js";
import {type Case, normal, uniform, type Values} from "./case.js";

const x = normal("x", [3, 4]);
const positive = uniform("positive", [3, 4], 0.2, 3);

function unary(name: string, f: (x: Tensor) => Tensor, exact: (x: number) => number, values = x): Case {
  return {name, inputs: {x: values}, f: ({x}) => f(x!), reference: ({x}) => map(x!, exact)};
}

const unaries: Case[] = [
  unary("neg", t.neg, (v) => -v),
  unary("exp", t.exp, Math.exp),
  unary("log", t.log, Math.log, positive),
  unary("log1p", t.log1p, Math.log1p, positive),
  unary("sqrt", t.sqrt, Math.sqrt, positive),
  unary("rsqrt", t.rsqrt, (v) => 1 / Math.sqrt(v), positive),
  unary("reciprocal", t.reciprocal, (v) => 1 / v, positive),
  unary("square", t.square, (v) => v * v),
  unary("abs", t.abs, Math.abs),
  // GPUs may be off by 2⁻¹¹ here, as WGSL allows.
  {...unary("sin", t.sin, Math.sin), tolerance: 5e-4},
  {...unary("cos", t.cos, Math.cos), tolerance: 5e-4},
  unary("erf", t.erf, erf),
  unary("relu", t.relu, (v) => Math.max(v, 0)),
  unary("sigmoid", t.sigmoid, (v) => 1 / (1 + Math.exp(-v))),
  unary("tanh", t.tanh, Math.tanh),
  unary("softplus", t.softplus, (v) => Math.log1p(Math.exp(v))),
  unary(
    "clipByValue",
    (v) => t.clipByValue(v, -0.5, 0.7),
    (v) => Math.min(Math.max(v, -0.5), 0.7)
  ),
  unary(
    "cast there and back",
    (v) => t.cast(t.cast(v, "float32"), "float32"),
    (v) => v
  ),
  unary("clone", t.clone, (v) => v)
];

// Far from 0 the gradients are stored: 0 or 1 to within float32.
const far: Values = {shape: [4], values: [-90, -30, 30, 90]};
const extremes: Case[] = [
  {
    name: "sigmoid far from 0",
    inputs: {x: far},
    f: ({x}) => t.sigmoid(x!),
    reference: [0, 9.357622968839e-14, 1, 1],
    cotangent: [1, 1, 1, 1],
    gradients: {x: [0, 9.357622968839e-14, 0, 0]}
  },
  {
    name: "softplus far from 0",
    inputs: {x: far},
    f: ({x}) => t.softplus(x!),
    reference: [0, 0, 30, 90],
    cotangent: [1, 1, 1, 1],
    gradients: {x: [0, 0, 1, 1]}
  },
  {
    name: "tanh far from 0",
    inputs: {x: far},
    f: ({x}) => t.tanh(x!),
    reference: [-1, -1, 1, 1],
    cotangent: [1, 1, 1, 1],
    gradients: {x: [0, 0, 0, 0]}
  },
  {
    name: "relu at 0 has no gradient",
    inputs: {x: {shape: [3], values: [-1, 0, 2]}},
    f: ({x}) => t.relu(x!),
    reference: [0, 0, 2],
    cotangent: [3, 5, 7],
    gradients: {x: [0, 0, 7]}
  },
  {
    name: "clipByValue at its bounds has the gradient",
    inputs: {x: {shape: [4], values: [-2, -1, 1, 2]}},
    f: ({x}) => t.clipByValue(x!, -1, 1),
    reference: [-1, -1, 1, 1],
    cotangent: [3, 5, 7, 9],
    gradients: {x: [0, 5, 7, 0]}
  }
];

const shapes: [string, number[], number[]][] = [
  ["same shape", [3, 4], [3, 4]],
  ["row", [3, 4], [4]],
  ["both broadcast", [2, 1, 3], [4, 1]],
  ["scalar", [], [2, 3]]
];

function binary(
  name: string,
  f: (a: Tensor, b: Tensor) => Tensor,
  exact: (a: number, b: number) => number,
  draw: (name: string, shape: number[]) => Values = normal
): Case[] {
  return shapes.map(([kind, left, right]) => ({
    name: `${name}, ${kind}`,
    inputs: {a: draw(`a ${kind}`, left), b: draw(`b ${kind}`, right)},
    f: ({a, b}) => f(a!, b!),
    reference: ({a, b}) => zip(a!, b!, exact)
  }));
}

const away = (name: string, shape: number[]): Values => uniform(name, shape, 0.5, 2);

const binaries: Case[] = [
  ...binary("add", t.add, (a, b) => a + b),
  ...binary("sub", t.sub, (a, b) => a - b),
  ...binary("mul", t.mul, (a, b) => a * b),
  ...binary("div", t.div, (a, b) => a / b, away),
  ...binary("maximum", t.maximum, Math.max),
  ...binary("minimum", t.minimum, Math.min),
  ...binary("squaredDifference", t.squaredDifference, (a, b) => (a - b) ** 2),
  ...binary("pow", t.pow, (a, b) => a ** b, away),
  {
    name: "maximum of equals gives the first the gradient",
    inputs: {a: {shape: [3], values: [-1, 0, 2]}, b: {shape: [3], values: [-1, 1, 2]}},
    f: ({a, b}) => t.maximum(a!, b!),
    reference: [-1, 1, 2],
    cotangent: [3, 5, 7],
    gradients: {a: [3, 0, 7], b: [0, 5, 0]}
  },
  {
    name: "pow of a negative base",
    inputs: {a: {shape: [3], values: [-2, -0.5, 3]}},
    f: ({a}) => t.pow(a!, t.scalar(2)),
    reference: ({a}) => map(a!, (v) => v * v)
  }
];

function selected(condition: Array64, a: Array64, b: Array64): Array64 {
  return generate(broadcastShape(condition.shape, a.shape, b.shape), (at) =>
    get(condition, at) ? get(a, at) : get(b, at)
  );
}

const selections: Case[] = [
  {
    name: "where, stored condition, broadcast",
    inputs: {
      condition: {shape: [2, 1], values: [1, 0], dtype: "bool"},
      a: normal("where a", [2, 3]),
      b: normal("where b", [3])
    },
    f: ({condition, a, b}) => t.where(condition!, a!, b!),
    reference: ({condition, a, b}) => selected(condition!, a!, b!)
  },
  {
    name: "where, condition from the differentiated input",
    inputs: {a: normal("where x", [3, 4])},
    f: ({a}) => t.where(t.greater(a!, 0), t.square(a!), t.mul(a!, 0.1)),
    reference: ({a}) => map(a!, (v) => (v > 0 ? v * v : 0.1 * v))
  },
  {
    name: "stopGradient",
    inputs: {a: normal("stopped", [5])},
    f: ({a}) => t.mul(t.stopGradient(t.square(a!)), a!),
    reference: ({a}) => map(a!, (v) => v ** 3),
    cotangent: [1, 1, 1, 1, 1],
    gradients: {a: normal("stopped", [5]).values.map((v) => v * v)}
  },
  {
    name: "straight-through one-hot",
    inputs: {a: {shape: [2, 3], values: [0.1, 0.5, -1, 2, 1, 0]}},
    f: ({a}) => t.add(a!, t.stopGradient(t.sub(t.oneHot(t.argMax(a!), 3), a!))),
    reference: [0, 1, 0, 1, 0, 0],
    cotangent: [1, 2, 3, 4, 5, 6],
    gradients: {a: [1, 2, 3, 4, 5, 6]}
  }
];

const comparisons: Case[] = (
  [
    ["greater", t.greater, (a, b) => a > b],
    ["greaterEqual", t.greaterEqual, (a, b) => a >= b],
    ["less", t.less, (a, b) => a < b],
    ["lessEqual", t.lessEqual, (a, b) => a <= b],
    ["equal", t.equal, (a, b) => a === b],
    ["notEqual", t.notEqual, (a, b) => a !== b]
  ] as [string, (a: Tensor, b: Tensor) => Tensor, (a: number, b: number) => boolean][]
).map(([name, f, exact]) => ({
  name: `${name}, with ties`,
  inputs: {a: {shape: [2, 3], values: [-1, 0, 1, 2, 2, -3]}, b: {shape: [3], values: [0, 0, 1]}},
  f: ({a, b}) => f(a!, b!),
  reference: ({a, b}) => zip(a!, b!, (v, w) => Number(exact(v, w)))
}));

const logic: Case[] = [
  {
    name: "logicalAnd, logicalOr, logicalNot",
    inputs: {
      a: {shape: [4], values: [0, 0, 1, 1], dtype: "bool"},
      b: {shape: [4], values: [0, 1, 0, 1], dtype: "bool"}
    },
    f: ({a, b}) => t.concat([t.logicalAnd(a!, b!), t.logicalOr(a!, b!), t.logicalNot(a!)], 0),
    reference: [0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0]
  }
];

export const elementwiseCases: readonly Case[] = [
  ...unaries,
  ...extremes,
  ...binaries,
  ...selections,
  ...comparisons,
  ...logic
];
