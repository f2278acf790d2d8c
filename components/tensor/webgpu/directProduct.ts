import type {Tensor} from "@tensorflow/tfjs-core";
import {make, run, type Shader} from "./shader.js";
import {four, startTile, writeTile} from "./tile.js";

/** An invocation has a tile of SIDE × SIDE numbers (tile.ts), a workgroup TILE × TILE of these. */
const SIDE = four.length;
const TILE = 8;
const REACH = SIDE * TILE;

/** y = a·b (+ bias), a or b transposed if asked for. */
function product(transposeA: boolean, transposeB: boolean, bias: boolean): Shader {
  const left = (i: number) => (transposeA ? `a[p * u.m + rows[${i}]]` : `a[rows[${i}] * u.k + p]`);
  const right = (i: number) => (transposeB ? `b[columns[${i}] * u.k + p]` : `b[p * u.n + columns[${i}]]`);
  return {
    name: `product${transposeA ? " of Aᵀ" : ""}${transposeB ? " with Bᵀ" : ""}${bias ? " and bias" : ""}`,
    inputs: {a: "f32", b: "f32", ...(bias ? {bias: "f32"} : {})},
    outputs: ["y"],
    uniforms: {m: "i32", n: "i32", k: "i32"},
    lanes: TILE * TILE,
    main: `
      let across = (u.n + ${REACH - 1}) / ${REACH};
      let row = group / across * ${REACH} + lane / ${TILE} * ${SIDE};
      let column = group % across * ${REACH} + lane % ${TILE} * ${SIDE};
      if (row >= u.m || column >= u.n) { return; }
      let rows = min(row + vec4(0, 1, 2, 3), vec4(u.m - 1));
      let columns = min(column + vec4(0, 1, 2, 3), vec4(u.n - 1));
      ${startTile("columns", bias)}
      for (var p = 0; p < u.k; p++) {
        let v = vec4(${four.map(right).join(", ")});
        ${four.map((i) => `sum${i} += ${left(i)} * v;`).join("\n")}
      }
      ${writeTile("row", "u.m", "column", "u.n")}`
  };
}
const shaders = [false, true].map((ta) => [false, true].map((tb) => product(ta, tb, false)));
const withBias = product(false, false, true);

/** op(a)·op(b) of matrices, plus bias [n] to each row. */
export function directProduct(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean, bias?: Tensor): Tensor {
  const [m, k] = (transposeA ? [...a.shape].reverse() : a.shape) as [number, number];
  const n = b.shape[transposeB ? 0 : 1]!;
  const y = make([m, n]);
  const shader = bias ? withBias : shaders[Number(transposeA)]![Number(transposeB)]!;
  run(shader, bias ? [a, b, bias] : [a, b], [y], [m, n, k], Math.ceil(m / REACH) * Math.ceil(n / REACH));
  return y;
}
