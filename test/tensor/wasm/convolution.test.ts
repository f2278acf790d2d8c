import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import * as reference from "./reference.js";
import {type Convolution, lengths, normals, relativeError} from "./reference.js";

beforeAll(startWasm);

interface Case {
  /** [n, h, w, c] */
  readonly x: [number, number, number, number];
  /** [kh, kw, oc] */
  readonly filter: [number, number, number];
  readonly stride?: number | [number, number];
  readonly pad?: "same" | "valid";
}

const CASES: Case[] = [
  {x: [2, 8, 8, 3], filter: [7, 7, 32]},
  {x: [2, 8, 8, 8], filter: [3, 3, 8]},
  {x: [1, 4, 4, 32], filter: [1, 1, 8]},
  {x: [3, 5, 7, 4], filter: [1, 1, 3]},
  {x: [1, 1, 1, 1], filter: [1, 1, 1]},
  {x: [1, 1, 1, 5], filter: [3, 3, 2]},
  {x: [2, 3, 2, 6], filter: [5, 5, 9]},
  {x: [2, 7, 9, 5], filter: [3, 5, 13]},
  {x: [1, 6, 6, 2], filter: [2, 2, 4]},
  {x: [2, 9, 7, 3], filter: [3, 3, 6], pad: "valid"},
  {x: [2, 9, 8, 3], filter: [3, 3, 6], stride: 2},
  {x: [2, 9, 8, 3], filter: [4, 3, 6], stride: [3, 2], pad: "valid"},
  {x: [1, 8, 8, 4], filter: [1, 1, 5], stride: 2}
];

function geometry({x: [batch, h, w, inputs], filter: [kh, kw, outputs], stride = 1, pad = "same"}: Case): Convolution {
  const s = Array.isArray(stride) ? stride : ([stride, stride] as [number, number]);
  // TensorFlow's rules: "same" keeps ceil(size / stride), the odd row of padding at the end.
  const side = (size: number, k: number, step: number): [number, number] => {
    if (pad === "valid") return [Math.ceil((size - k + 1) / step), 0];
    const out = Math.ceil(size / step);
    return [out, Math.floor(Math.max(0, (out - 1) * step + k - size) / 2)];
  };
  const [oh, top] = side(h, kh, s[0]);
  const [ow, left] = side(w, kw, s[1]);
  return {batch, size: [h, w], inputs, outputs, kernel: [kh, kw], out: [oh, ow], stride: s, pad: [top, left]};
}

describe("conv2d and its gradients on our WASM kernels equal float64", () => {
  for (const test of CASES) {
    const {
      x: xShape,
      filter: [kh, kw, oc],
      stride = 1,
      pad = "same"
    } = test;
    it(`x [${xShape}], filter [${kh}, ${kw}, ${xShape[3]}, ${oc}], stride ${stride}, ${pad}`, () => {
      const c = geometry(test);
      const size = lengths(c);
      const x = normals("x", size.x);
      const filter = normals("filter", size.filter);
      const dy = normals("dy", size.y);
      const tx = tf.tensor4d(x, xShape);
      const tfilter = tf.tensor4d(filter, [kh, kw, xShape[3], oc]);
      const y = tf.conv2d(tx, tfilter, stride, pad);
      expect(y.shape).toEqual([c.batch, ...c.out, c.outputs]);
      expect(relativeError(y.dataSync(), reference.conv2d(c, x, filter))).toBeLessThan(3e-6);

      const [dx, df] = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad))(
        [tx, tfilter],
        tf.tensor4d(dy, y.shape)
      );
      expect(relativeError(dx!.dataSync(), reference.conv2dInputGradient(c, dy, filter))).toBeLessThan(3e-6);
      expect(relativeError(df!.dataSync(), reference.conv2dFilterGradient(c, x, dy))).toBeLessThan(3e-6);
    });
  }

  it("dilation goes to tfjs's own kernel", () => {
    const x = tf.tensor4d(normals("x", 100), [1, 10, 10, 1]);
    const filter = tf.tensor4d([1, 0, 0, 0, 0, 0, 0, 0, 1], [3, 3, 1, 1]);
    const y = tf.conv2d(x, filter, 1, "valid", "NHWC", 2);
    expect(y.shape).toEqual([1, 6, 6, 1]);
    const data = x.dataSync();
    expect(y.dataSync()[0]).toBeCloseTo(data[0]! + data[44]!, 5);
  });

  it("leaves no tensor behind", () => {
    const x = tf.ones([1, 4, 4, 2]) as tf.Tensor4D;
    const filter = tf.ones([3, 3, 2, 2]) as tf.Tensor4D;
    const before = tf.memory().numTensors;
    tf.dispose(tf.grads((a, b) => tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same")))([x, filter]));
    expect(tf.memory().numTensors).toBe(before);
  });
});
