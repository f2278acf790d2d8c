import * as t from "../../../components/tensor/index.js";
import * as r from "../../reference/array64.js";
import {cumsum} from "../../reference/nn64.js";
import {type Case, integers, normal} from "./case.js";

const cube = normal("cube", [2, 3, 4]);
const whole = (shape: number[]): ReturnType<typeof integers> =>
  integers(
    shape,
    // WebGL keeps integers as floats, so they end at 2²⁴.
    Array.from({length: r.size(shape)}, (_, i) => (i % 2 ? -1 : 1) * (2 ** 24 - i))
  );

const reductions: Case[] = [
  ...([[null], [[0]], [[1]], [[-1]], [[0, 2]]] as [number[] | null][]).flatMap(([axes]): Case[] => [
    {
      name: `sum over ${axes ?? "all"}`,
      inputs: {x: cube},
      f: ({x}) => t.sum(x!, axes ?? undefined),
      reference: ({x}) => r.sum(x!, axes)
    },
    {
      name: `mean over ${axes ?? "all"}`,
      inputs: {x: cube},
      f: ({x}) => t.mean(x!, axes ?? undefined),
      reference: ({x}) => r.mean(x!, axes)
    },
    {
      name: `max over ${axes ?? "all"}`,
      inputs: {x: cube},
      f: ({x}) => t.max(x!, axes ?? undefined),
      reference: ({x}) => r.max(x!, axes)
    }
  ]),
  {
    name: "sum and mean keeping axes",
    inputs: {x: cube},
    f: ({x}) => t.mul(t.sum(x!, 1, true), t.mean(x!, [0, 2], true)),
    reference: ({x}) => r.mul(r.sum(x!, [1], true), r.mean(x!, [0, 2], true))
  },
  {
    name: "max of equals shares the gradient",
    inputs: {x: {shape: [2, 3], values: [-1, -1, -2, 0, -3, 0]}},
    f: ({x}) => t.max(x!, -1),
    reference: [-1, 0],
    cotangent: [3, 5],
    gradients: {x: [1.5, 1.5, 0, 2.5, 0, 2.5]}
  },
  {
    name: "argMax takes the first of equals",
    inputs: {x: {shape: [3, 4], values: [-1, -1, -2, -5, 0, 1, 1, 0, 2, 2, 2, 2]}},
    f: ({x}) => t.argMax(x!),
    reference: [0, 1, 0]
  },
  {
    name: "argMax over the first axis",
    inputs: {x: {shape: [3, 2], values: [-1, -1, -2, 5, 0, 1]}},
    f: ({x}) => t.argMax(x!, 0),
    reference: [2, 1]
  },
  {name: "cumsum", inputs: {x: cube}, f: ({x}) => t.cumsum(x!, 1), reference: ({x}) => cumsum(x!, 1)},
  {
    name: "topk values",
    inputs: {x: {shape: [2, 5], values: [-3, 1, 4, -1, 5, 9, 2, 6, 5, 3]}},
    f: ({x}) => t.topk(x!, 3).values,
    differentiate: [],
    reference: [5, 4, 1, 9, 6, 5]
  },
  {
    name: "topk indices",
    inputs: {x: {shape: [2, 5], values: [-3, 1, 4, -1, 5, 9, 2, 6, 5, 3]}},
    f: ({x}) => t.topk(x!, 3).indices,
    reference: [4, 2, 1, 0, 2, 3]
  }
];

const orders: [number[], number[]][] = [
  [
    [3, 4],
    [1, 0]
  ],
  [
    [2, 3, 4],
    [2, 0, 1]
  ],
  [
    [2, 3, 4],
    [0, 2, 1]
  ],
  [
    [2, 3, 2, 4],
    [0, 2, 1, 3]
  ],
  [
    [2, 3, 2, 4],
    [3, 1, 2, 0]
  ],
  [
    [2, 3, 1, 2, 2],
    [1, 4, 0, 3, 2]
  ]
];

const moves: Case[] = [
  ...orders.flatMap(([shape, perm]): Case[] => [
    {
      name: `transpose ${shape.join("×")} by ${perm}`,
      inputs: {x: normal("transposed", shape)},
      f: ({x}) => t.transpose(x!, perm),
      reference: ({x}) => r.transpose(x!, perm)
    },
    {
      name: `transpose of integers ${shape.join("×")} by ${perm}`,
      inputs: {x: shape.length === 2 ? integers(shape, [...Array(12).keys()]) : whole(shape)},
      f: ({x}) => t.transpose(x!, perm),
      tolerance: 0,
      reference: ({x}) => r.transpose(x!, perm)
    }
  ]),
  {
    name: "reshape, expandDims, squeeze",
    inputs: {x: cube},
    f: ({x}) => t.squeeze(t.expandDims(t.reshape(x!, [6, 4]), 1), [1]),
    reference: ({x}) => r.reshape(x!, [6, 4])
  },
  ...[0, 1, 2].map(
    (axis): Case => ({
      name: `concat along ${axis}`,
      inputs: {a: normal("concat a", axis === 0 ? [1, 3, 4] : axis === 1 ? [2, 2, 4] : [2, 3, 1]), b: cube},
      f: ({a, b}) => t.concat([a!, b!, a!], axis),
      reference: ({a, b}) => r.concat([a!, b!, a!], axis)
    })
  ),
  {
    name: "slice",
    inputs: {x: cube},
    f: ({x}) => t.slice(x!, [0, 1, 2], [2, 2, 1]),
    reference: ({x}) => r.slice(x!, [0, 1, 2], [2, 2, 1])
  },
  {
    name: "slice to the end",
    inputs: {x: cube},
    f: ({x}) => t.slice(x!, [1, 0, 1], [-1, -1, -1]),
    reference: ({x}) => r.slice(x!, [1, 0, 1], [1, 3, 3])
  },
  {
    name: "pad",
    inputs: {x: cube},
    f: ({x}) =>
      t.pad(x!, [
        [1, 0],
        [0, 2],
        [1, 1]
      ]),
    reference: ({x}) =>
      r.pad(x!, [
        [1, 0],
        [0, 2],
        [1, 1]
      ])
  },
  {
    name: "tile",
    inputs: {x: cube},
    f: ({x}) => t.tile(x!, [2, 1, 3]),
    reference: ({x}) => r.tile(x!, [2, 1, 3])
  },
  {
    name: "stack and unstack",
    inputs: {x: cube},
    f: ({x}) => {
      const [a, b, c] = t.unstack(x!, 1);
      return t.stack([c!, a!, t.mul(b!, 2), a!], 1);
    },
    reference: ({x}) => {
      const [a, b, c] = [0, 1, 2].map((i) => r.slice(x!, [0, i, 0], [2, 1, 4]));
      return r.concat([c!, a!, r.scale(b!, 2), a!], 1);
    }
  },
  {
    name: "split with a part unused",
    inputs: {x: normal("split", [2, 6])},
    f: ({x}) => {
      const [a, , c] = t.split(x!, [1, 3, 2], 1);
      return t.mul(a!, c!);
    },
    reference: ({x}) => r.mul(r.slice(x!, [0, 0], [2, 1]), r.slice(x!, [0, 4], [2, 2]))
  },
  ...[0, 1].map(
    (axis): Case => ({
      name: `gather along ${axis}, rows repeated`,
      inputs: {x: normal("gathered", [3, 3, 2]), ids: integers([2, 2], [2, 0, 2, 2])},
      f: ({x, ids}) => t.gather(x!, ids!, axis),
      reference: ({x, ids}) => r.gather(x!, ids!, axis)
    })
  ),
  {
    name: "oneHot",
    inputs: {ids: integers([2, 2], [2, 0, 1, 2])},
    f: ({ids}) => t.oneHot(ids!, 3),
    reference: [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1],
    differentiate: []
  },
  {name: "range", inputs: {}, f: () => t.range(2, 7, 1, "int32"), reference: [2, 3, 4, 5, 6]},
  {
    name: "fill, zeros, ones",
    inputs: {},
    f: () => t.concat([t.fill([2], -3), t.zeros([1]), t.ones([2])], 0),
    differentiate: [],
    reference: [-3, -3, 0, 1, 1]
  }
];

const ints = integers([2, 3], [5, -1, 7, 0, 2, -9]);
const integerMoves: Case[] = [
  {
    name: "integers: add, mul, sub",
    inputs: {a: ints, b: integers([3], [2, 3, 4])},
    f: ({a, b}) => t.sub(t.mul(a!, b!), t.add(a!, b!)),
    reference: ({a, b}) => r.zip(a!, b!, (v, w) => v * w - (v + w))
  },
  {
    name: "integers: concat, slice, reshape",
    inputs: {a: ints},
    f: ({a}) => t.reshape(t.concat([a!, t.slice(a!, [0, 1], [2, 2])], 1), [10]),
    reference: [5, -1, 7, -1, 7, 0, 2, -9, 2, -9]
  },
  {
    name: "integers: gather",
    inputs: {a: ints, ids: integers([2], [1, 1])},
    f: ({a, ids}) => t.gather(a!, ids!, 0),
    reference: [0, 2, -9, 0, 2, -9]
  },
  {
    name: "integers: tile, pad",
    inputs: {a: ints},
    f: ({a}) =>
      t.pad(t.tile(a!, [1, 2]), [
        [0, 1],
        [1, 0]
      ]),
    reference: [0, 5, -1, 7, 5, -1, 7, 0, 0, 2, -9, 0, 2, -9, 0, 0, 0, 0, 0, 0, 0]
  },
  {
    name: "integers: stack, unstack",
    inputs: {a: ints},
    f: ({a}) => t.stack(t.unstack(a!, 0), 1),
    reference: [5, 0, -1, 2, 7, -9]
  },
  {
    name: "integers: equal, cast to float and back",
    inputs: {a: ints},
    f: ({a}) => t.cast(t.cast(t.equal(a!, t.cast(t.cast(a!, "float32"), "int32")), "float32"), "int32"),
    reference: [1, 1, 1, 1, 1, 1]
  },
  {
    name: "integers: where",
    inputs: {a: ints},
    f: ({a}) => t.where(t.less(a!, t.scalar(0, "int32")), t.zerosLike(a!), a!),
    reference: [5, 0, 7, 0, 2, 0]
  },
  ...[0, 1].map(
    (axis): Case => ({
      name: `integers: sum, max, argMax over ${axis}`,
      inputs: {a: ints},
      f: ({a}) => t.concat([t.sum(a!, axis), t.max(a!, axis), t.argMax(a!, axis)], 0),
      reference: axis === 0 ? [5, 1, -2, 5, 2, 7, 0, 1, 0] : [11, -7, 7, 2, 2, 1]
    })
  ),
  {
    name: "booleans: count along the first axis",
    inputs: {a: ints},
    f: ({a}) => t.sum(t.cast(t.greater(a!, t.scalar(0, "int32")), "float32"), 0),
    differentiate: [],
    reference: [1, 1, 1]
  },
  {
    name: "truncation of floats to integers",
    inputs: {a: {shape: [4], values: [1.9, -1.9, 0.2, -0.2]}},
    f: ({a}) => t.cast(a!, "int32"),
    reference: [1, -1, 0, 0]
  }
];

export const shapeCases: readonly Case[] = [...reductions, ...moves, ...integerMoves];
