// Cases whose values come from PyTorch in float64: test/reference/make-reference.py.

import type {Tensor} from "../../../components/tensor/index.js";
import * as t from "../../../components/tensor/index.js";
import stored from "../../reference/tensor.json" with {type: "json"};
import type {Case, Inputs} from "./case.js";

function imageModel({x, stem, w1, w2, out}: Inputs): Tensor {
  const h = t.conv2d(x!, stem!);
  const block = t.conv2d(t.relu(t.conv2d(t.relu(h), w1!)), w2!);
  const pooled = t.upsample2(t.maxPool2(t.add(h, t.mul(block, 0.25))));
  return t.conv2d(t.relu(pooled), out!);
}

function textModel({table, ids, gain, shift, qkv, mix, bias}: Inputs): Tensor {
  const [n, length] = ids!.shape as [number, number];
  const h = t.embedding(table!, ids!);
  const normal = t.layerNorm(h, gain!, shift!, 1e-5);
  const parts = t.transpose(t.reshape(t.linear(normal, qkv!), [n, length, 3, 2, 2]), [2, 0, 3, 1, 4]);
  const [q, k, v] = t.unstack(parts, 0);
  const looked = t.reshape(t.transpose(t.attention(q!, k!, v!, bias!), [0, 2, 1, 3]), [n, length, 4]);
  const after = t.add(h, t.gelu(t.linear(looked, mix!)));
  const logits = t.matMul(t.reshape(after, [n * length, 4]), table!, false, true);
  const flat = t.reshape(ids!, [n * length]);
  const next = t.concat([t.slice(flat, [1], [n * length - 1]), t.slice(flat, [0], [1])], 0);
  return t.softmaxCrossEntropy(logits, next);
}

const functions: Record<string, (inputs: Inputs) => Tensor> = {
  conv2d: ({x, w, b}) => t.conv2d(x!, w!, b!),
  maxPool2: ({x}) => t.maxPool2(x!),
  upsample2: ({x}) => t.upsample2(x!),
  layerNorm: ({x, g, b}) => t.layerNorm(x!, g!, b!, 1e-5),
  gelu: ({x}) => t.gelu(x!),
  softmax: ({x}) => t.softmax(x!),
  softmaxCrossEntropy: ({x, labels}) => t.softmaxCrossEntropy(x!, labels!),
  attention: ({q, k, v, bias}) => t.attention(q!, k!, v!, bias!),
  embedding: ({table, ids}) => t.embedding(table!, ids!),
  "image model": imageModel,
  "text model": textModel
};

interface StoredCase {
  readonly inputs: Record<string, {shape: number[]; values: number[]; int: boolean}>;
  readonly value: number[];
  readonly cotangent: number[];
  readonly gradients: Record<string, number[]>;
}

export const storedCases: readonly Case[] = Object.entries(stored.cases as unknown as Record<string, StoredCase>).map(
  ([name, {inputs, value, cotangent, gradients}]) => ({
    name: `${name}, as PyTorch has it`,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, {shape, values, int}]) => [
        key,
        {shape, values, dtype: int ? ("int32" as const) : ("float32" as const)}
      ])
    ),
    f: functions[name]!,
    reference: value,
    differentiate: Object.keys(gradients),
    gradients,
    cotangent
  })
);
