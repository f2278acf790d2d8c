// The networks' ops in float64, on top of array64.ts.

import {
  type Array64,
  add,
  generate,
  get,
  map,
  matMul,
  max,
  mean,
  mul,
  reduce,
  reshape,
  scale,
  slice,
  sub,
  sum,
  transpose
} from "./array64.js";

/** x [n, h, w, in], weight [k, k, in, out], stride 1, zeros around. */
export function conv2d(x: Array64, weight: Array64, bias: Array64 | null): Array64 {
  const [n, h, w] = x.shape as [number, number, number, number];
  const [k, , inputs, outputs] = weight.shape as [number, number, number, number];
  const before = (k - 1) / 2;
  return generate([n, h, w, outputs], ([image, row, column, out]) => {
    let total = bias ? bias.data[out!]! : 0;
    for (let i = 0; i < k; ++i) {
      for (let j = 0; j < k; ++j) {
        const y = row! + i - before;
        const z = column! + j - before;
        if (y < 0 || y >= h || z < 0 || z >= w) continue;
        for (let c = 0; c < inputs; ++c) total += get(x, [image!, y, z, c]) * get(weight, [i, j, c, out!]);
      }
    }
    return total;
  });
}

export function maxPool2(x: Array64): Array64 {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return generate([n, h / 2, w / 2, c], ([image, row, column, channel]) =>
    Math.max(...[0, 1, 2, 3].map((i) => get(x, [image!, 2 * row! + (i >> 1), 2 * column! + (i & 1), channel!])))
  );
}

export function upsample2(x: Array64): Array64 {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return generate([n, 2 * h, 2 * w, c], ([image, row, column, channel]) =>
    get(x, [image!, row! >> 1, column! >> 1, channel!])
  );
}

export function logSoftmax(x: Array64): Array64 {
  const shifted = sub(x, max(x, [-1], true));
  return sub(shifted, map(sum(map(shifted, Math.exp), [-1], true), Math.log));
}

export const softmax = (x: Array64): Array64 => map(logSoftmax(x), Math.exp);

export function softmaxCrossEntropy(logits: Array64, labels: Array64): Array64 {
  const logs = logSoftmax(logits);
  return generate(labels.shape, ([row]) => -get(logs, [row!, labels.data[row!]!]));
}

export function layerNorm(x: Array64, gain: Array64, bias: Array64, epsilon: number): Array64 {
  const centred = sub(x, mean(x, [-1], true));
  const inverse = map(mean(mul(centred, centred), [-1], true), (v) => 1 / Math.sqrt(v + epsilon));
  return add(mul(mul(centred, inverse), gain), bias);
}

export const gelu = (x: Array64): Array64 =>
  map(x, (v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))));

export function attention(q: Array64, k: Array64, v: Array64, bias: Array64 | null): Array64 {
  const scores = scale(matMul(q, k, false, true), 1 / Math.sqrt(q.shape[3]!));
  return matMul(softmax(bias ? add(scores, bias) : scores), v);
}

/** Of queries, keys and values side by side: qkv (b, t, 3hd) → (b, t, hd). */
export function selfAttention(qkv: Array64, heads: number, bias: Array64 | null): Array64 {
  const [b, t, width] = qkv.shape as [number, number, number];
  const d = width / 3 / heads;
  const part = (i: number) =>
    transpose(reshape(slice(qkv, [0, 0, (i * width) / 3], [b, t, width / 3]), [b, t, heads, d]), [0, 2, 1, 3]);
  return reshape(transpose(attention(part(0), part(1), part(2), bias), [0, 2, 1, 3]), [b, t, heads * d]);
}

export function cumsum(x: Array64, axis: number): Array64 {
  return generate(x.shape, (at) => {
    let total = 0;
    for (let i = 0; i <= at[axis]!; ++i) total += get(x, [...at.slice(0, axis), i, ...at.slice(axis + 1)]);
    return total;
  });
}

/** Abramowitz & Stegun 7.1.5, the Taylor series: good for |x| < 4. */
export function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 80; ++n) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

export const product = (x: Array64): number => reduce(x, null, false, 1, (a, b) => a * b).data[0]!;
