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

/** Calls back with every index of the shape in row-major order. */
function eachIndex(shape: readonly number[], visit: (index: number[]) => void, index: number[] = []): void {
  if (index.length === shape.length) visit(index);
  else for (let i = 0; i < shape[index.length]!; ++i) eachIndex(shape, visit, [...index, i]);
}

const flat = (shape: readonly number[], index: readonly number[]) =>
  shape.reduce((at, n, axis) => at * n + index[axis]!, 0);
const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

describe("relu", () => {
  it("its gradient is zero at zero and below", () => {
    const x = [-2, -0.5, 0, 0.5, 2, -1, 3];
    const dx = tf.grad((t) => tf.relu(t))(tf.tensor1d(x), tf.tensor1d([1, 2, 3, 4, 5, 6, 7]));
    expect(tf.getKernel("ReluGrad", "wasm")).toBeDefined();
    expect([...dx.dataSync()]).toEqual([0, 0, 0, 4, 5, 0, 7]);
  });
});

describe("concat, transpose, pad", () => {
  for (const axis of [0, 1, 2]) {
    it(`concat along axis ${axis}`, () => {
      const shapes = [1, 4, 2].map((n) => [3, 2, 5].map((old, i) => (i === axis ? n : old)));
      const data = shapes.map((shape, i) => normals(`part ${i}`, size(shape)));
      const y = tf.concat(
        shapes.map((shape, i) => tf.tensor3d(data[i]!, shape as [number, number, number])),
        axis
      );
      const expected: number[] = [];
      eachIndex(y.shape, (index) => {
        let at = index[axis]!;
        let part = 0;
        while (at >= shapes[part]![axis]!) at -= shapes[part++]![axis]!;
        expected.push(data[part]![flat(shapes[part]!, index.with(axis, at))]!);
      });
      expect([...y.dataSync()]).toEqual(expected);
    });
  }

  for (const [shape, perm] of [
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3]
    ],
    [
      [2, 3, 4, 5],
      [2, 0, 1, 3]
    ],
    [
      [2, 3, 4, 5],
      [2, 1, 0, 3]
    ],
    [
      [2, 3, 2, 2, 3, 3],
      [4, 2, 0, 3, 1, 5]
    ],
    [
      [6, 5],
      [1, 0]
    ],
    [
      [4, 1, 3],
      [1, 0, 2]
    ]
  ] as const) {
    it(`transpose [${shape}] by [${perm}]`, () => {
      const data = normals("x", size(shape));
      const y = tf.transpose(tf.tensor(data, [...shape]), [...perm]);
      const expected: number[] = [];
      eachIndex(y.shape, (index) => {
        const from = shape.map((_, axis) => index[perm.indexOf(axis as never)]!);
        expected.push(data[flat(shape, from)]!);
      });
      expect([...y.dataSync()]).toEqual(expected);
    });
  }

  it("pad with zeros", () => {
    const shape = [2, 3, 2];
    const paddings: [number, number][] = [
      [1, 0],
      [0, 2],
      [3, 1]
    ];
    const data = normals("x", 12);
    const y = tf.pad(tf.tensor(data, shape), paddings);
    expect(y.shape).toEqual([3, 5, 6]);
    const expected: number[] = [];
    eachIndex(y.shape, (index) => {
      const from = index.map((i, axis) => i - paddings[axis]![0]);
      const inside = from.every((i, axis) => i >= 0 && i < shape[axis]!);
      expected.push(inside ? data[flat(shape, from)]! : 0);
    });
    expect([...y.dataSync()]).toEqual(expected);
  });
});

describe("gather and its gradient", () => {
  for (const width of [1, 3, 8, 130]) {
    it(`rows of ${width}`, () => {
      const table = normals("table", 5 * width);
      const ids = [4, 0, 0, 2, 4, 4];
      const indices = tf.tensor2d(ids, [2, 3], "int32");
      const x = tf.tensor2d(table, [5, width]);
      const y = tf.gather(x, indices);
      expect(y.shape).toEqual([2, 3, width]);
      expect([...y.dataSync()]).toEqual(ids.flatMap((id) => [...table.subarray(id * width, (id + 1) * width)]));
      const dy = normals("dy", 6 * width);
      const dx = tf
        .grad((t) => tf.gather(t, indices))(x, tf.tensor(dy, y.shape))
        .dataSync();
      const expected = new Float64Array(5 * width);
      ids.forEach((id, i) => {
        for (let j = 0; j < width; ++j) expected[id * width + j]! += dy[i * width + j]!;
      });
      expect(relativeError(dx, expected)).toBeLessThan(1e-6);
    });
  }

  it("an index out of range is named", () => {
    expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, 3], "int32"))).toThrow(/below 3, got 3/);
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
