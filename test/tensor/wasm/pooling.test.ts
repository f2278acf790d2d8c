import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import {eachIndex, flat, normals, relativeError, size} from "./reference.js";

beforeAll(startWasm);

describe("2×2 pooling and enlargement", () => {
  for (const shape of [
    [1, 2, 2, 1],
    [2, 4, 6, 3],
    [1, 4, 2, 8],
    [2, 2, 4, 13]
  ] as [number, number, number, number][]) {
    const [n, h, w, c] = shape;
    const half: [number, number, number, number] = [n, h / 2, w / 2, c];
    // Small integers, half of them below zero: many ties.
    const data = normals("x", size(shape)).map((x) => Math.round(x) - 1);
    const window = ([i, v, u, o]: number[]) =>
      [0, 1, 2, 3].map((t) => flat(shape, [i!, 2 * v! + (t >> 1), 2 * u! + (t & 1), o!]));

    it(`max pool of [${shape}] and its gradient, at ties and below zero`, () => {
      const x = tf.tensor4d(data, shape);
      const dy = normals("dy", size(half));
      const y = tf.maxPool(x, 2, 2, "valid").dataSync();
      const dx = tf
        .grad((t) => tf.maxPool(t as tf.Tensor4D, 2, 2, "valid"))(x, tf.tensor4d(dy, half))
        .dataSync();
      const expectedY: number[] = [];
      const expectedDx = new Float32Array(data.length);
      eachIndex(half, (index) => {
        const places = window(index);
        const m = Math.max(...places.map((at) => data[at]!));
        expectedDx[places.find((at) => data[at] === m)!] = dy[expectedY.length]!;
        expectedY.push(m);
      });
      expect([...y]).toEqual(expectedY.map((v) => v + 0));
      expect([...dx]).toEqual([...expectedDx]);
    });

    it(`average pool of [${shape}]`, () => {
      const x = normals("x", size(shape));
      const y = tf.avgPool(tf.tensor4d(x, shape), 2, 2, "valid").dataSync();
      const expected: number[] = [];
      eachIndex(half, (index) => {
        expected.push(window(index).reduce((sum, at) => sum + x[at]! / 4, 0));
      });
      expect(relativeError(y, expected)).toBeLessThan(1e-6);
    });

    it(`enlargement to [${shape}] and its gradient`, () => {
      const small = normals("small", size(half));
      const x = tf.tensor4d(small, half);
      const y = tf.image.resizeNearestNeighbor(x, [h, w]).dataSync();
      const dy = normals("dy", size(shape));
      const dx = tf.grad((t) => tf.image.resizeNearestNeighbor(t as tf.Tensor4D, [h, w]))(x, tf.tensor4d(dy, shape));
      const expected = new Float64Array(small.length);
      eachIndex(shape, (index) => {
        const from = flat(half, [index[0]!, index[1]! >> 1, index[2]! >> 1, index[3]!]);
        expect(y[flat(shape, index)]).toBe(small[from]);
        expected[from]! += dy[flat(shape, index)]!;
      });
      expect(relativeError(dx.dataSync(), expected)).toBeLessThan(1e-6);
    });
  }

  it("other windows go to the kernels before ours", () => {
    const x = tf.tensor4d(normals("x", 50), [1, 5, 5, 2]);
    expect(tf.maxPool(x, 3, 1, "same").shape).toEqual([1, 5, 5, 2]);
    expect(tf.maxPool(x, 2, 2, "same").shape).toEqual([1, 3, 3, 2]);
  });
});
