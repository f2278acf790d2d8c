import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import {normals, relativeError} from "./reference.js";

beforeAll(startWasm);

describe("slice and split", () => {
  const cases: [number[], number[], number[]][] = [
    [[10], [3], [4]],
    [
      [4, 5],
      [1, 0],
      [2, 5]
    ],
    [
      [4, 5],
      [1, 2],
      [3, 2]
    ],
    [
      [3, 4, 5],
      [0, 1, 2],
      [3, 2, 3]
    ],
    [
      [2, 3, 4, 5],
      [0, 0, 0, 2],
      [2, 3, 4, 3]
    ],
    [
      [2, 3, 4, 5],
      [1, 1, 0, 0],
      [1, 2, 4, 5]
    ],
    [
      [2, 2, 3, 4, 3],
      [0, 1, 1, 1, 0],
      [2, 1, 2, 2, 3]
    ],
    [
      [3, 1, 4],
      [1, 0, 0],
      [0, 1, 4]
    ]
  ];
  for (const [shape, begin, size] of cases) {
    for (const dtype of ["float32", "int32"] as const) {
      it(`slice(${dtype} [${shape}], [${begin}], [${size}])`, () => {
        const x = tf.tensor(
          Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => i),
          shape,
          dtype
        );
        const y = tf.slice(x, begin, size);
        const expected: number[] = [];
        const walk = (axis: number, at: number) => {
          if (axis === shape.length) expected.push(at);
          else for (let i = 0; i < size[axis]!; ++i) walk(axis + 1, at * shape[axis]! + begin[axis]! + i);
        };
        walk(0, 0);
        expect([y.shape, y.dtype, [...y.dataSync()]]).toEqual([size, dtype, expected]);
      });
    }
  }

  it("split(x, sizes, axis)", () => {
    const x = tf.tensor(
      Array.from({length: 24}, (_, i) => i),
      [2, 6, 2]
    );
    const parts = tf.split(x, [1, 3, 2], 1);
    expect(parts.map((part) => [...part.dataSync()])).toEqual([
      [0, 1, 12, 13],
      [2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19],
      [8, 9, 10, 11, 20, 21, 22, 23]
    ]);
  });

  it("clone(x) outlives x", () => {
    const x = tf.tensor([1, 2, 3]);
    const copy = tf.clone(x);
    x.dispose();
    tf.dispose(tf.tensor([7, 7, 7])); // would land where x was, if that had been freed
    expect([...copy.dataSync()]).toEqual([1, 2, 3]);
  });
});

describe("sum and mean", () => {
  for (const shape of [[40, 37], [5, 6, 7], [300, 6], [2, 3, 4, 5], [1, 9, 1], [6000]]) {
    const x = normals(`x ${shape}`, tf.util.sizeFromShape(shape));
    const rank = shape.length;
    const subsets = Array.from({length: 2 ** rank - 1}, (_, bits) =>
      shape.flatMap((_, axis) => ((bits + 1) & (1 << axis) ? [axis] : []))
    );
    for (const axes of subsets) {
      it(`of [${shape}] over [${axes}]`, () => {
        const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
        const expected = new Float64Array(tf.util.sizeFromShape(kept));
        x.forEach((value, i) => {
          let [rest, at, stride] = [i, 0, 1];
          for (let axis = rank - 1; axis >= 0; --axis) {
            const place = rest % shape[axis]!;
            rest = Math.floor(rest / shape[axis]!);
            if (!axes.includes(axis)) at += place * stride;
            stride *= kept[axis]!;
          }
          expected[at]! += value;
        });
        const count = x.length / expected.length;
        const sum = tf.sum(tf.tensor(x, shape), axes, true);
        expect(sum.shape).toEqual(kept);
        expect(relativeError(sum.dataSync(), expected)).toBeLessThan(2e-6);
        const mean = tf.mean(tf.tensor(x, shape), axes);
        expect(mean.shape).toEqual(shape.filter((_, axis) => !axes.includes(axis)));
        expect(
          relativeError(
            mean.dataSync(),
            expected.map((v) => v / count)
          )
        ).toBeLessThan(2e-6);
      });
    }
  }
});

describe("exp, log, sigmoid and softmax", () => {
  const grid = Float32Array.from({length: 3001}, (_, i) => (i - 1500) / 17);
  /** The largest error relative to each value. */
  const worst = (actual: ArrayLike<number>, expected: number[]) =>
    expected.reduce((m, e, i) => Math.max(m, Math.abs(actual[i]! - e) / Math.max(Math.abs(e), 1e-37)), 0);

  it("exp(x) to 2e-7", () => {
    const x = grid.map((v) => Math.min(Math.max(v, -87), 88));
    expect(worst(tf.exp(tf.tensor(x)).dataSync(), Array.from(x, Math.exp))).toBeLessThan(2e-7);
  });

  it("log(x) to 2e-7, from the smallest to the largest numbers", () => {
    const x = Float32Array.from(grid, (v) => Math.exp(v * 0.99));
    const y = tf.log(tf.tensor(x)).dataSync();
    x.forEach((v, i) => {
      if (Number.isFinite(v)) expect(Math.abs(y[i]! - Math.log(v))).toBeLessThan(2e-7 * Math.max(1, Math.abs(y[i]!)));
    });
  });

  it("sigmoid(x) to 3e-7", () => {
    const x = grid.map((v) => Math.min(Math.max(v, -80), 80));
    expect(
      worst(
        tf.sigmoid(tf.tensor(x)).dataSync(),
        Array.from(x, (v) => 1 / (1 + Math.exp(-v)))
      )
    ).toBeLessThan(3e-7);
  });

  it("the ends", () => {
    const x = tf.tensor([-Infinity, -1e9, 0, 1e9, Infinity, Number.NaN, -1, 1e-45]);
    expect([...tf.exp(x).dataSync()].slice(0, 6)).toEqual([0, 0, 1, Infinity, Infinity, Number.NaN]);
    const log = [...tf.log(x).dataSync()];
    expect(log.slice(0, 3)).toEqual([Number.NaN, Number.NaN, -Infinity]);
    expect(log.slice(4, 7)).toEqual([Infinity, Number.NaN, Number.NaN]);
    expect(log[7]).toBeCloseTo(Math.log(2 ** -149), 4);
    expect([...tf.sigmoid(x).dataSync()].slice(0, 6)).toEqual([0, 0, 0.5, 1, 1, Number.NaN]);
  });

  it("softmax(x) with masked entries", () => {
    const x = [1, 2, -1e9, 3, 0.5, -1e9, -1e9, 1000, 999, 998];
    const y = tf.softmax(tf.tensor(x, [2, 5])).dataSync();
    const rows = [x.slice(0, 5), x.slice(5)].flatMap((row) => {
      const e = row.map((v) => Math.exp(v - Math.max(...row)));
      return e.map((v) => v / e.reduce((a, b) => a + b, 0));
    });
    expect(relativeError(y, rows)).toBeLessThan(3e-7);
    expect(y[2]).toBe(0);
  });
});
