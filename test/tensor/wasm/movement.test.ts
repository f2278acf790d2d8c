import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import {eachIndex, flat, normals, relativeError, size} from "./reference.js";

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
