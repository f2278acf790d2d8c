// The gradient of every kernel that the models use.
//
// tfjs-core registers none by itself (only the union package does), and several of its own are wrong or slow:
// maximum, minimum, squaredDifference and where forget to sum over broadcast axes; max gives the whole gradient to each
// of several equal maxima; resizing goes through kernels that differ between backends. So they are all here.
// Gradients are closures, so that what no parameter needs is not computed.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

type Attributes = Readonly<Record<string, unknown>>;
type Closures = Record<string, () => Tensor>;

interface Gradient {
  /** Names of the inputs to save; "all" for kernels with a list of inputs. */
  readonly inputs?: readonly string[] | "all";
  /** Whether the output is saved, after the inputs. */
  readonly output?: boolean;
  readonly backward: (dy: Tensor, saved: Tensor[], attributes: Attributes) => Closures;
}

/** Sums dy over the axes along which an operand of this shape was broadcast. */
export function sumToShape(dy: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], dy.shape);
  const summed = axes.length > 0 ? tf.sum(dy, axes) : dy;
  return sameShape(summed.shape, shape) ? summed.clone() : tf.reshape(summed, [...shape]);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** y = f(x): dx from dy and x. */
function ofInput(dx: (dy: Tensor, x: Tensor) => Tensor): Gradient {
  return {inputs: ["x"], backward: (dy, [x]) => ({x: () => dx(dy, x!)})};
}

/** y = f(x): dx from dy and y. */
function ofOutput(dx: (dy: Tensor, y: Tensor) => Tensor): Gradient {
  return {output: true, backward: (dy, [y]) => ({x: () => dx(dy, y!)})};
}

/** y = f(a, b) with broadcasting: the two derivatives before summing. */
function ofPair(
  da: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  db: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  output = false
): Gradient {
  return {
    inputs: ["a", "b"],
    output,
    backward: (dy, [a, b, y]) => ({
      a: () => sumToShape(da(dy, a!, b!, y!), a!.shape),
      b: () => sumToShape(db(dy, a!, b!, y!), b!.shape)
    })
  };
}

const asFloat = (condition: Tensor): Tensor => tf.cast(condition, "float32");

const elementwise: Record<string, Gradient> = {
  Identity: {backward: (dy) => ({x: () => dy.clone()})},
  Cast: {backward: (dy) => ({x: () => dy.clone()})},
  Neg: {backward: (dy) => ({x: () => tf.neg(dy)})},
  Exp: ofOutput((dy, y) => tf.mul(dy, y)),
  Log: ofInput((dy, x) => tf.div(dy, x)),
  Log1p: ofInput((dy, x) => tf.div(dy, tf.add(x, 1))),
  Sqrt: ofOutput((dy, y) => tf.div(dy, tf.mul(y, 2))),
  Rsqrt: ofOutput((dy, y) => tf.mul(dy, tf.mul(tf.mul(y, tf.square(y)), -0.5))),
  Reciprocal: ofOutput((dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  Square: ofInput((dy, x) => tf.mul(dy, tf.mul(x, 2))),
  Abs: ofInput((dy, x) => tf.mul(dy, tf.sign(x))),
  Sin: ofInput((dy, x) => tf.mul(dy, tf.cos(x))),
  Cos: ofInput((dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  Erf: ofInput((dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  Relu: ofOutput((dy, y) => tf.mul(dy, tf.step(y))),
  Sigmoid: ofOutput((dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  Tanh: ofOutput((dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  Softplus: ofInput((dy, x) => tf.mul(dy, tf.sigmoid(x))),
  ClipByValue: {
    inputs: ["x"],
    backward: (dy, [x], {clipValueMin, clipValueMax}) => ({
      x: () => {
        const inside = tf.logicalAnd(
          tf.greaterEqual(x!, clipValueMin as number),
          tf.lessEqual(x!, clipValueMax as number)
        );
        return tf.mul(dy, asFloat(inside));
      }
    })
  },
  Add: ofPair(
    (dy) => dy,
    (dy) => dy
  ),
  Sub: ofPair(
    (dy) => dy,
    (dy) => tf.neg(dy)
  ),
  Multiply: ofPair(
    (dy, _, b) => tf.mul(dy, b),
    (dy, a) => tf.mul(dy, a)
  ),
  RealDiv: ofPair(
    (dy, _, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.mul(dy, tf.div(tf.div(a, b), b)))
  ),
  // Of equals the first operand has the gradient.
  Maximum: ofPair(
    (dy, a, b) => tf.mul(dy, asFloat(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, asFloat(tf.less(a, b)))
  ),
  Minimum: ofPair(
    (dy, a, b) => tf.mul(dy, asFloat(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, asFloat(tf.greater(a, b)))
  ),
  SquaredDifference: ofPair(
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2))
  ),
  // The exponent's gradient takes 0 where the base is not positive, as ln of it is not real.
  Pow: ofPair(
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    (dy, a, _, y) => {
      const positive = tf.greater(a, 0);
      return tf.mul(dy, tf.mul(y, tf.where(positive, tf.log(tf.where(positive, a, tf.onesLike(a))), tf.zerosLike(a))));
    },
    true
  ),
  AddN: {inputs: "all", backward: (dy, saved) => listed(saved.map(() => () => dy.clone()))},
  Select: {
    inputs: ["condition", "t", "e"],
    backward: (dy, [condition, t, e]) => ({
      t: () => sumToShape(tf.mul(dy, asFloat(condition!)), t!.shape),
      e: () => sumToShape(tf.mul(dy, asFloat(tf.logicalNot(condition!))), e!.shape)
    })
  }
};

/** Kernels with a list of inputs name them "0", "1", …. */
function listed(closures: (() => Tensor)[]): Closures {
  return Object.fromEntries(closures.map((f, i) => [String(i), f]));
}

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

const shaped: Record<string, Gradient> = {
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
  const rows = tf.reshape(tf.transpose(tf.reshape(dy, [outer, count, inner]), [1, 0, 2]), [count, outer * inner]);
  const name = tf.getBackend();
  // GPUs add up with atomics, in no fixed order; there a product with a one-hot matrix keeps runs repeatable.
  const summed =
    name === "wasm" || name === "cpu"
      ? tf.unsortedSegmentSum(rows, ids, length)
      : tf.matMul(tf.cast(tf.oneHot(ids, length), "float32") as tf.Tensor2D, rows as tf.Tensor2D, true);
  return tf.reshape(tf.transpose(tf.reshape(summed, [length, outer, inner]), [1, 0, 2]), x.shape);
}

const products: Record<string, Gradient> = {
  BatchMatMul: {
    inputs: ["a", "b"],
    backward: (dy, [a, b], {transposeA, transposeB}) => ({
      a: () => {
        const da = transposeA ? tf.matMul(b!, dy, !!transposeB, true) : tf.matMul(dy, b!, false, !transposeB);
        return sumToShape(da, a!.shape);
      },
      b: () => {
        const db = transposeB ? tf.matMul(dy, a!, true, !!transposeA) : tf.matMul(a!, dy, !transposeA, false);
        return sumToShape(db, b!.shape);
      }
    })
  },
  Conv2D: {
    inputs: ["x", "filter"],
    backward: (dy, [x, filter], {strides, pad}) => ({
      x: () =>
        tf
          .engine()
          .runKernel(
            "Conv2DBackpropInput",
            {dy, filter: filter!},
            {strides: strides as number[], pad: pad as string, dataFormat: "NHWC", inputShape: x!.shape}
          ) as Tensor,
      filter: () =>
        tf
          .engine()
          .runKernel(
            "Conv2DBackpropFilter",
            {x: x!, dy},
            {strides: strides as number[], pad: pad as string, dataFormat: "NHWC", filterShape: filter!.shape}
          ) as Tensor
    })
  },
  MaxPool: {
    inputs: ["x"],
    output: true,
    backward: (dy, [x, y], {filterSize, strides, pad}) => ({
      x: () =>
        tf
          .engine()
          .runKernel(
            "MaxPoolGrad",
            {dy, input: x!, output: y!},
            {filterSize: filterSize as number[], strides: strides as number[], pad: pad as string}
          ) as Tensor
    })
  },
  // Only enlargement by whole factors, which is a sum over blocks; the cpu backend's own kernel is wrong.
  ResizeNearestNeighbor: {
    inputs: ["images"],
    backward: (dy, [images]) => ({
      images: () => {
        const block = [1, 2].map((axis) => dy.shape[axis]! / images!.shape[axis]!) as [number, number];
        if (!block.every(Number.isInteger)) {
          throw new Error(
            `gradient of resizeNearestNeighbor: expected whole factors, got [${images!.shape}] → [${dy.shape}]`
          );
        }
        return tf.mul(tf.avgPool(dy as tf.Tensor4D, block, block, "valid"), block[0] * block[1]);
      }
    })
  },
  Softmax: {
    output: true,
    backward: (dy, [y]) => ({
      logits: () => {
        const product = tf.mul(dy, y!);
        return tf.sub(product, tf.mul(tf.sum(product, -1, true), y!));
      }
    })
  }
};

/** Registers them all, in place of any registered before. */
export function registerGradients(): void {
  for (const [kernelName, {inputs, output, backward}] of Object.entries({...elementwise, ...shaped, ...products})) {
    if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      ...(inputs === "all" ? {saveAllInputs: true} : {inputsToSave: [...(inputs ?? [])]}),
      ...(output ? {outputsToSave: [true]} : {}),
      gradFunc: (dy, saved, attributes) => backward(dy as Tensor, saved, attributes as Attributes)
    });
  }
}
