import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {startWasm} from "./backend.js";
import {normals, relativeError} from "./reference.js";

beforeAll(startWasm);

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
