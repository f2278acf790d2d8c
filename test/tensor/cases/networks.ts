import * as t from "../../../components/tensor/index.js";
import * as r from "../../reference/array64.js";
import * as nn from "../../reference/nn64.js";
import {type Case, integers, normal} from "./case.js";

const products: Case[] = [
  ...[false, true].flatMap((transposeA) =>
    [false, true].map(
      (transposeB): Case => ({
        name: `matMul ${transposeA ? "Aᵀ" : "A"}·${transposeB ? "Bᵀ" : "B"}`,
        inputs: {
          a: normal("matMul a", transposeA ? [3, 5] : [5, 3]),
          b: normal("matMul b", transposeB ? [4, 3] : [3, 4])
        },
        f: ({a, b}) => t.matMul(a!, b!, transposeA, transposeB),
        reference: ({a, b}) => r.matMul(a!, b!, transposeA, transposeB)
      })
    )
  ),
  ...(
    [
      ["batched", [2, 3, 4], [2, 4, 5], false, false],
      ["batched, B transposed", [2, 2, 3, 4], [2, 2, 5, 4], false, true],
      ["batched, A transposed", [2, 4, 3], [2, 4, 5], true, false],
      ["B broadcast", [2, 3, 4], [1, 4, 5], false, false],
      ["A broadcast, B transposed", [1, 3, 4], [2, 5, 4], false, true],
      ["B of rank 2", [2, 3, 4], [4, 5], false, false],
      ["wide inner axis", [2, 67], [67, 3], false, false]
    ] as [string, number[], number[], boolean, boolean][]
  ).map(
    ([kind, left, right, transposeA, transposeB]): Case => ({
      name: `matMul, ${kind}`,
      inputs: {a: normal(`${kind} a`, left), b: normal(`${kind} b`, right)},
      f: ({a, b}) => t.matMul(a!, b!, transposeA, transposeB),
      reference: ({a, b}) => r.matMul(a!, b!, transposeA, transposeB)
    })
  ),
  {
    name: "linear with a bias",
    inputs: {x: normal("linear x", [2, 3, 4]), w: normal("linear w", [4, 5]), b: normal("linear b", [5])},
    f: ({x, w, b}) => t.linear(x!, w!, b!),
    reference: ({x, w, b}) => r.add(r.matMul(x!, w!), b!)
  },
  {
    name: "linear of thousands of rows",
    inputs: {x: normal("rows x", [2500, 1]), w: normal("rows w", [1, 11]), b: normal("rows b", [11])},
    f: ({x, w, b}) => t.linear(x!, w!, b!),
    reference: ({x, w, b}) => r.add(r.matMul(x!, w!), b!),
    differentiate: ["w", "b"]
  },
  {
    name: "linear of odd sizes",
    inputs: {x: normal("odd x", [5, 7]), w: normal("odd w", [7, 3]), b: normal("odd b", [3])},
    f: ({x, w, b}) => t.linear(x!, w!, b!),
    reference: ({x, w, b}) => r.add(r.matMul(x!, w!), b!)
  },
  {
    name: "linear of an odd number of channels, many rows",
    inputs: {x: normal("long x", [2, 1151, 3]), w: normal("long w", [3, 5]), b: normal("long b", [5])},
    f: ({x, w, b}) => t.linear(x!, w!, b!),
    reference: ({x, w, b}) => r.add(r.matMul(x!, w!), b!),
    differentiate: ["w", "b"]
  },
  {
    name: "linear of many channels",
    inputs: {x: normal("wide x", [3, 300]), w: normal("wide w", [300, 4]), b: normal("wide b", [4])},
    f: ({x, w, b}) => t.linear(x!, w!, b!),
    reference: ({x, w, b}) => r.add(r.matMul(x!, w!), b!)
  },
  {
    name: "linear without a bias",
    inputs: {x: normal("linear x", [2, 3, 4]), w: normal("linear w", [4, 5])},
    f: ({x, w}) => t.linear(x!, w!),
    reference: ({x, w}) => r.matMul(x!, w!)
  }
];

const images: Case[] = [
  ...[1, 3, 5].map(
    (k): Case => ({
      name: `conv2d ${k}×${k}`,
      inputs: {
        x: normal("conv x", [2, 4, 5, 3]),
        w: normal(`conv w${k}`, [k, k, 3, 2]),
        b: normal("conv b", [2])
      },
      f: ({x, w, b}) => t.conv2d(x!, w!, b!),
      reference: ({x, w, b}) => nn.conv2d(x!, w!, b!)
    })
  ),
  {
    name: "conv2d of many pixels",
    inputs: {x: normal("conv11 x", [3, 11, 13, 1]), w: normal("conv11 w", [3, 3, 1, 9]), b: normal("conv11 b", [9])},
    f: ({x, w, b}) => t.conv2d(x!, w!, b!),
    reference: ({x, w, b}) => nn.conv2d(x!, w!, b!),
    differentiate: ["w", "b"]
  },
  {
    name: "conv2d 7×7 of a smaller image, no bias",
    inputs: {x: normal("conv7 x", [1, 4, 4, 1]), w: normal("conv7 w", [7, 7, 1, 4])},
    f: ({x, w}) => t.conv2d(x!, w!),
    reference: ({x, w}) => nn.conv2d(x!, w!, null)
  },
  {
    name: "conv2d of many pixels",
    inputs: {x: normal("conv3 x", [2, 36, 33, 2]), w: normal("conv3 w", [3, 3, 2, 3]), b: normal("conv3 b", [3])},
    f: ({x, w, b}) => t.conv2d(x!, w!, b!),
    reference: ({x, w, b}) => nn.conv2d(x!, w!, b!),
    differentiate: ["w", "b"]
  },
  {
    name: "conv2d of many channels",
    inputs: {x: normal("conv8 x", [1, 3, 3, 8]), w: normal("conv8 w", [3, 3, 8, 8])},
    f: ({x, w}) => t.conv2d(x!, w!),
    reference: ({x, w}) => nn.conv2d(x!, w!, null)
  },
  {
    name: "maxPool2",
    inputs: {x: normal("pooled", [2, 4, 6, 3])},
    f: ({x}) => t.maxPool2(x!),
    reference: ({x}) => nn.maxPool2(x!)
  },
  {
    name: "maxPool2 below 0",
    inputs: {x: {shape: [1, 2, 4, 1], values: [-4, -3, -1, -9, -2, -5, -8, -7]}},
    f: ({x}) => t.maxPool2(x!),
    reference: ({x}) => nn.maxPool2(x!)
  },
  {
    name: "maxPool2 of equals gives the first the gradient",
    inputs: {x: {shape: [1, 2, 6, 1], values: [0, 0, -1, -2, 3, 1, 0, 0, -1, -1, 1, 3]}},
    f: ({x}) => t.maxPool2(x!),
    reference: [0, -1, 3],
    cotangent: [5, 7, 9],
    gradients: {x: [5, 0, 7, 0, 9, 0, 0, 0, 0, 0, 0, 0]}
  },
  {
    name: "upsample2",
    inputs: {x: normal("upsampled", [2, 2, 3, 2])},
    f: ({x}) => t.upsample2(x!),
    reference: ({x}) => nn.upsample2(x!)
  },
  {
    name: "upsample2 of many channels",
    inputs: {x: normal("upsampled many", [1, 3, 2, 5])},
    f: ({x}) => t.square(t.upsample2(x!)),
    reference: ({x}) => r.map(nn.upsample2(x!), (v) => v * v)
  }
];

const rows = normal("rows", [3, 5]);
const normalisation: Case[] = [
  {
    name: "softmax",
    inputs: {x: normal("softmax", [2, 3, 4])},
    f: ({x}) => t.softmax(x!),
    reference: ({x}) => nn.softmax(x!)
  },
  {
    name: "softmax of large logits",
    inputs: {x: {shape: [2, 3], values: [1000, 1001, 999, -1000, -1002, -1e9]}},
    f: ({x}) => t.softmax(x!),
    reference: ({x}) => nn.softmax(x!),
    tolerance: 1e-4
  },
  {name: "logSoftmax", inputs: {x: rows}, f: ({x}) => t.logSoftmax(x!), reference: ({x}) => nn.logSoftmax(x!)},
  {
    name: "softmaxCrossEntropy",
    inputs: {x: rows, labels: integers([3], [4, 0, 2])},
    f: ({x, labels}) => t.softmaxCrossEntropy(x!, labels!),
    reference: ({x, labels}) => nn.softmaxCrossEntropy(x!, labels!)
  },
  {
    name: "softmaxCrossEntropy of many logits",
    inputs: {x: normal("logits", [3, 500]), labels: integers([3], [499, 0, 251])},
    f: ({x, labels}) => t.softmaxCrossEntropy(x!, labels!),
    reference: ({x, labels}) => nn.softmaxCrossEntropy(x!, labels!)
  },
  {
    name: "softmaxCrossEntropy of large logits",
    inputs: {x: {shape: [2, 3], values: [1000, 1001, 999, -1000, -1002, -1e9]}, labels: integers([2], [0, 1])},
    f: ({x, labels}) => t.softmaxCrossEntropy(x!, labels!),
    reference: ({x, labels}) => nn.softmaxCrossEntropy(x!, labels!),
    tolerance: 1e-4
  },
  {
    name: "layerNorm of many channels",
    inputs: {x: normal("layerNorm 300", [3, 300]), g: normal("gain 300", [300]), b: normal("shift 300", [300])},
    f: ({x, g, b}) => t.layerNorm(x!, g!, b!, 1e-5),
    reference: ({x, g, b}) => nn.layerNorm(x!, g!, b!, 1e-5)
  },
  {
    name: "layerNorm of many rows, odd sizes",
    inputs: {x: normal("layerNorm rows", [3, 75, 5]), g: normal("gain 5", [5]), b: normal("shift 5", [5])},
    f: ({x, g, b}) => t.layerNorm(x!, g!, b!, 1e-5),
    reference: ({x, g, b}) => nn.layerNorm(x!, g!, b!, 1e-5)
  },
  {
    name: "layerNorm",
    inputs: {x: normal("layerNorm", [2, 3, 8]), g: normal("gain", [8]), b: normal("shift", [8])},
    f: ({x, g, b}) => t.layerNorm(x!, g!, b!, 1e-5),
    reference: ({x, g, b}) => nn.layerNorm(x!, g!, b!, 1e-5)
  },
  ...(
    [
      [2, 300],
      [37, 3]
    ] as const
  ).map(
    ([count, channels]): Case => ({
      name: `layerNorm of ${count} rows of ${channels}`,
      inputs: {
        x: normal(`layerNorm ${channels}`, [count, channels]),
        g: normal(`gain ${channels}`, [channels]),
        b: normal(`shift ${channels}`, [channels])
      },
      f: ({x, g, b}) => t.layerNorm(x!, g!, b!, 1e-5),
      reference: ({x, g, b}) => nn.layerNorm(x!, g!, b!, 1e-5)
    })
  ),
  {
    name: "layerNorm of nearly equal numbers",
    inputs: {
      x: {shape: [2, 4], values: [0.5, 0.5, 0.5, 0.501, -3, -3, -3.002, -3]},
      g: normal("gain 4", [4]),
      b: normal("shift 4", [4])
    },
    f: ({x, g, b}) => t.layerNorm(x!, g!, b!, 1e-5),
    reference: ({x, g, b}) => nn.layerNorm(x!, g!, b!, 1e-5),
    tolerance: 2e-3
  },
  {name: "gelu", inputs: {x: rows}, f: ({x}) => t.gelu(x!), reference: ({x}) => nn.gelu(x!)},
  {
    name: "gelu far from 0",
    inputs: {x: {shape: [4], values: [-50, -8, 8, 50]}},
    f: ({x}) => t.gelu(x!),
    reference: [0, 0, 8, 50],
    cotangent: [1, 1, 1, 1],
    gradients: {x: [0, 0, 1, 1]}
  },
  {name: "gelu of many", inputs: {x: normal("many", [3, 50])}, f: ({x}) => t.gelu(x!), reference: ({x}) => nn.gelu(x!)}
];

export const networkCases: readonly Case[] = [...products, ...images, ...normalisation];
