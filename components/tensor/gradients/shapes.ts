// Gradients of reductions and of ops that move numbers.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {asFloat, type Gradient, listed} from "./gradient.js";

/** The shape of x with these axes made 1. */
function reducedShape(x: Tensor, axis: unknown): number[] {
  const shape = x.shape.slice();
  for (const a of tf.util.parseAxisParam((axis ?? null) as number | number[], x.shape)) shape[a] = 1;
  return shape;
}

/** dy of a reduction spread back over x's shape. */
function spread(dy: Tensor, x: Tensor, axis: unknown): Tensor {
  return tf.mul(tf.reshape(dy, reducedShape(x, axis)), tf.onesLike(x));
}

export const shapeGradients: Record<string, Gradient> = {
  Reshape: {inputs: ["x"], backward: (dy, [x]) => ({x: () => tf.reshape(dy, x!.shape)})},
  ExpandDims: {inputs: ["input"], backward: (dy, [input]) => ({input: () => tf.reshape(dy, input!.shape)})},
  Transpose: {
    backward: (dy, _, {perm}) => ({
      x: () => {
        const order = perm as number[];
        const undo = order.map((_, axis) => order.indexOf(axis));
        return tf.transpose(dy, undo);
      }
    })
  },
  Sum: {inputs: ["x"], backward: (dy, [x], {axis}) => ({x: () => spread(dy, x!, axis)})},
  Mean: {
    inputs: ["x"],
    backward: (dy, [x], {axis}) => ({x: () => spread(tf.mul(dy, dy.size / x!.size), x!, axis)})
  },
  // Equal maxima share the gradient in equal parts, as in PyTorch's amax.
  Max: {
    inputs: ["x"],
    output: true,
    backward: (dy, [x, y], {reductionIndices}) => ({
      x: () => {
        const shape = reducedShape(x!, reductionIndices);
        const axes = tf.util.parseAxisParam(reductionIndices as number | number[], x!.shape);
        const chosen = asFloat(tf.equal(x!, tf.reshape(y!, shape)));
        return tf.mul(tf.div(tf.reshape(dy, shape), tf.sum(chosen, axes, true)), chosen);
      }
    })
  },
  Cumsum: {
    backward: (dy, _, {axis, exclusive, reverse}) => ({
      x: () => tf.cumsum(dy, axis as number, exclusive as boolean, !reverse)
    })
  },
  Concat: {
    inputs: "all",
    backward: (dy, saved, {axis}) => {
      const along = tf.util.parseAxisParam(axis as number, saved[0]!.shape)[0]!;
      let start = 0;
      return listed(
        saved.map((x) => {
          const begin = x.shape.map((_, i) => (i === along ? start : 0));
          start += x.shape[along]!;
          return () => tf.slice(dy, begin, x.shape);
        })
      );
    }
  },
  Slice: {
    inputs: ["x"],
    backward: (dy, [x], {begin, size}) => ({
      x: () => {
        const [first = [], lengths = []] = tf.slice_util.parseSliceParams(x!, begin as number[], size as number[]);
        return tf.pad(
          dy,
          x!.shape.map((n, i) => [first[i]!, n - first[i]! - lengths[i]!] as [number, number])
        );
      }
    })
  },
  PadV2: {
    inputs: ["x"],
    backward: (dy, [x], {paddings}) => ({
      x: () =>
        tf.slice(
          dy,
          (paddings as [number, number][]).map(([before]) => before),
          x!.shape
        )
    })
  },
  SplitV: {backward: (dy, _, {axis}) => ({x: () => tf.concat(dy as unknown as Tensor[], axis as number)})},
  Pack: {
    inputs: "all",
    backward: (dy, saved, {axis}) =>
      listed(
        saved.map((x, i) => () => {
          const at = axis as number;
          const begin = dy.shape.map((_, j) => (j === at ? i : 0));
          return tf.reshape(
            tf.slice(
              dy,
              begin,
              dy.shape.map((n, j) => (j === at ? 1 : n))
            ),
            x.shape
          );
        })
      )
  },
  Unpack: {backward: (dy, _, {axis}) => ({value: () => tf.stack(dy as unknown as Tensor[], axis as number)})},
  Tile: {
    inputs: ["x"],
    backward: (dy, [x], {reps}) => ({
      x: () => {
        // One axis at a time: [before, repeats, n, after] summed over the repeats.
        let grad = dy;
        const shape = dy.shape.slice();
        (reps as number[]).forEach((repeats, axis) => {
          if (repeats === 1) return;
          const n = x!.shape[axis]!;
          const before = tf.util.sizeFromShape(shape.slice(0, axis));
          grad = tf.sum(tf.reshape(grad, [before, repeats, n, -1]), 1);
          shape[axis] = n;
        });
        return tf.reshape(grad, x!.shape);
      }
    })
  },
  GatherV2: {
    inputs: ["x", "indices"],
    backward: (dy, [x, indices], {axis}) => ({x: () => scatterRows(dy, x!, indices!, axis as number)})
  }
};

/** The gradient of gather: the slices of dy added up into x's shape. */
function scatterRows(dy: Tensor, x: Tensor, indices: Tensor, axis: number): Tensor {
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const length = x.shape[axis]!;
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const count = indices.size;
  const ids = tf.reshape(indices, [count]) as tf.Tensor1D;
  // Nothing to move where the first axis is gathered.
  const swap = (t: Tensor) => (outer === 1 ? t : tf.transpose(t, [1, 0, 2]));
  const rows = tf.reshape(swap(tf.reshape(dy, [outer, count, inner])), [count, outer * inner]);
  const name = tf.getBackend();
  // GPUs add up with atomics, in no fixed order; there a product with a one-hot matrix keeps runs repeatable.
  const summed =
    name === "wasm" || name === "cpu"
      ? tf.unsortedSegmentSum(rows, ids, length)
      : tf.matMul(tf.cast(tf.oneHot(ids, length), "float32") as tf.Tensor2D, rows as tf.Tensor2D, true);
  return tf.reshape(swap(tf.reshape(summed, [length, outer, inner])), x.shape);
}
