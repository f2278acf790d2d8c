import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import {matMul, normals, relativeError} from "./reference.js";

beforeAll(startWasm);

const SIZES: [number, number, number][] = [
  [1, 1, 1],
  [4, 8, 8],
  [3, 1, 5],
  [1, 17, 1],
  [7, 13, 3],
  [5, 300, 9],
  [16, 64, 12],
  [33, 31, 40],
  [67, 5, 70],
  [50, 600, 24],
  [40, 700, 45]
];

describe("matMul on our WASM kernel equals float64", () => {
  for (const [m, k, n] of SIZES) {
    for (const [ta, tb] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true]
    ] as const) {
      it(`[${m}, ${k}]·[${k}, ${n}], transposed: ${ta}, ${tb}`, () => {
        const a = normals(`a ${m} ${k}`, m * k);
        const b = normals(`b ${k} ${n}`, k * n);
        const product = tf.matMul(tf.tensor(a, ta ? [k, m] : [m, k]), tf.tensor(b, tb ? [n, k] : [k, n]), ta, tb);
        expect(product.shape).toEqual([m, n]);
        expect(relativeError(product.dataSync(), matMul(a, b, [m, k, n], ta, tb))).toBeLessThan(2e-6);
      });
    }
  }
});

describe("batches", () => {
  const cases: [number[], number[]][] = [
    [[3], [3]],
    [
      [2, 3],
      [2, 3]
    ],
    [[1], [4]],
    [[4], [1]],
    [
      [2, 1],
      [2, 3]
    ],
    [
      [2, 3],
      [1, 3]
    ],
    [
      [2, 1],
      [1, 3]
    ]
  ];
  for (const [aBatch, bBatch] of cases) {
    for (const ta of [false, true]) {
      it(`[${aBatch}] × [${bBatch}], first transposed: ${ta}`, () => {
        const [m, k, n] = [6, 7, 10] as const;
        const batch = aBatch.map((size, i) => Math.max(size, bBatch[i]!));
        const product = (xs: readonly number[]) => xs.reduce((p, x) => p * x, 1);
        const a = normals("a", product(aBatch) * m * k);
        const b = normals("b", product(bBatch) * k * n);
        const y = tf.matMul(
          tf.tensor(a, [...aBatch, ...(ta ? [k, m] : [m, k])]),
          tf.tensor(b, [...bBatch, k, n]),
          ta,
          false
        );
        expect(y.shape).toEqual([...batch, m, n]);
        // The place in a batch with its axes of size 1 held at 0.
        const at = (shape: number[], place: number[]) =>
          shape.reduce((index, size, i) => index * size + (size === 1 ? 0 : place[i]!), 0);
        const expected: number[] = [];
        for (let o = 0; o < product(batch); ++o) {
          const place = batch.length === 1 ? [o] : [Math.floor(o / batch[1]!), o % batch[1]!];
          const [i, j] = [at(aBatch, place), at(bBatch, place)];
          const one = matMul(a.subarray(i * m * k), b.subarray(j * k * n), [m, k, n], ta, false);
          expected.push(...one);
        }
        expect(relativeError(y.dataSync(), expected)).toBeLessThan(2e-6);
      });
    }
  }

  it("its gradients are right", () => {
    const a = tf.tensor(normals("a", 12), [3, 4]);
    const b = tf.tensor(normals("b", 20), [4, 5]);
    const weight = tf.tensor(normals("w", 15), [3, 5]);
    const [da, db] = tf.grads((x, y) => tf.sum(tf.mul(tf.matMul(x!, y!), weight)))([a, b]);
    expect(relativeError(da!.dataSync(), matMul(weight.dataSync(), b.dataSync(), [3, 5, 4], false, true))).toBeLessThan(
      2e-6
    );
    expect(relativeError(db!.dataSync(), matMul(a.dataSync(), weight.dataSync(), [4, 3, 5], true, false))).toBeLessThan(
      2e-6
    );
  });
});
