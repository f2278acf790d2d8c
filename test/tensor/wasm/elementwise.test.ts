import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import {eachIndex, flat, normals, relativeError, size} from "./reference.js";

beforeAll(startWasm);

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
    const sigmoid = [...tf.sigmoid(x).dataSync()];
    expect(sigmoid.slice(2, 6)).toEqual([0.5, 1, 1, Number.NaN]);
    expect(Math.max(sigmoid[0]!, sigmoid[1]!)).toBeLessThan(1e-37);
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

describe("relu", () => {
  it("its gradient is zero at zero and below", () => {
    const x = [-2, -0.5, 0, 0.5, 2, -1, 3];
    const dx = tf.grad((t) => tf.relu(t))(tf.tensor1d(x), tf.tensor1d([1, 2, 3, 4, 5, 6, 7]));
    expect(tf.getKernel("ReluGrad", "wasm")).toBeDefined();
    expect([...dx.dataSync()]).toEqual([0, 0, 0, 4, 5, 0, 7]);
  });
});

describe("arithmetic with broadcasting", () => {
  const shapes: [number[], number[]][] = [
    [
      [3, 5],
      [3, 5]
    ],
    [[7], []],
    [[], [7]],
    [[2, 3, 5], [5]],
    [
      [2, 3, 5],
      [3, 5]
    ],
    [
      [2, 3, 5],
      [1, 3, 5]
    ],
    [
      [2, 3, 5],
      [2, 3, 1]
    ],
    [
      [2, 3, 5],
      [2, 1, 1]
    ],
    [
      [2, 3, 5],
      [1, 3, 1]
    ],
    [
      [2, 3, 1],
      [1, 1, 5]
    ],
    [
      [3, 1],
      [1, 3]
    ],
    [[5], [2, 3, 5]],
    [
      [2, 1],
      [2, 9]
    ],
    [
      [1, 4],
      [3, 1]
    ],
    [[1, 1], [3]]
  ];
  const ops = {
    add: [tf.add, (a: number, b: number) => a + b],
    sub: [tf.sub, (a: number, b: number) => a - b],
    mul: [tf.mul, (a: number, b: number) => a * b],
    div: [tf.div, (a: number, b: number) => a / b]
  } as const;
  for (const [aShape, bShape] of shapes) {
    for (const [name, [op, f]] of Object.entries(ops)) {
      it(`${name}([${aShape}], [${bShape}])`, () => {
        const a = normals("a", size(aShape));
        const b = normals("b", size(bShape));
        const y = op(tf.tensor(a, aShape), tf.tensor(b, bShape));
        const rank = Math.max(aShape.length, bShape.length);
        const pad = (shape: number[]) => [...Array<number>(rank - shape.length).fill(1), ...shape];
        const [wideA, wideB] = [pad(aShape), pad(bShape)];
        const shape = wideA.map((n, i) => Math.max(n, wideB[i]!));
        expect(y.shape).toEqual(shape);
        const expected: number[] = [];
        eachIndex(shape, (index) => {
          const at = (wide: number[]) =>
            flat(
              wide,
              index.map((i, axis) => (wide[axis] === 1 ? 0 : i))
            );
          expected.push(Math.fround(f(a[at(wideA)]!, b[at(wideB)]!)));
        });
        expect([...y.dataSync()]).toEqual(expected);
      });
    }
  }
});
