// Sums over the rows of a matrix, as a bias's gradient needs them. tfjs transposes the matrix first.

import {type Tensor, util} from "@tensorflow/tfjs-core";
import {make, run, type Shader} from "./shader.js";

/** Columns of a workgroup: neighbours, so that memory is read in pieces of 32 bytes. */
export const COLUMNS = 8;
const LANES = 256;

/** From so many rows on they are summed in parts, each by workgroups of its own. */
const MANY = 2048;
const PART = 512;

/**
 * A shader that sums functions of a matrix [rows, n] over parts of its rows: each output is [parts, n]. terms gives one
 * for each output, from the place in the matrix and the row. It wants ⌈n / COLUMNS⌉ groups for each part.
 */
export function columns(
  outputs: readonly string[],
  terms: (at: string, row: string) => readonly string[]
): Omit<Shader, "name" | "inputs"> {
  return {
    outputs,
    uniforms: {rows: "i32", n: "i32", part: "i32"},
    lanes: LANES,
    shared: outputs.map((output) => `var<workgroup> ${output}Pool: array<f32, LANES>;`).join("\n"),
    main: `
      // Of the part's rows a lane takes every ${LANES / COLUMNS}th, and one column.
      let across = (u.n + ${COLUMNS - 1}) / ${COLUMNS};
      let number = group / across;
      let column = group % across * ${COLUMNS} + lane % ${COLUMNS};
      let end = min((number + 1) * u.part, u.rows);
      ${outputs.map((output) => `var ${output}Sum = 0.0;`).join("\n")}
      if (column < u.n) {
        for (var row = number * u.part + lane / ${COLUMNS}; row < end; row += ${LANES / COLUMNS}) {
          let at = row * u.n + column;
          ${terms("at", "row")
            .map((term, i) => `${outputs[i]}Sum += ${term};`)
            .join("\n")}
        }
      }
      ${outputs.map((output) => `${output}Pool[lane] = ${output}Sum;`).join("\n")}
      workgroupBarrier();
      for (var width = LANES / 2; width >= ${COLUMNS}; width /= 2) {
        if (lane < width) {
          ${outputs.map((output) => `${output}Pool[lane] += ${output}Pool[lane + width];`).join("\n")}
        }
        workgroupBarrier();
      }
      if (lane < ${COLUMNS} && column < u.n && number * u.part < u.rows) {
        ${outputs.map((output) => `${output}[number * u.n + column] = ${output}Pool[lane];`).join("\n")}
      }`
  };
}

/** y = Σ x over the rows of a part. */
const shader: Shader = {...columns(["y"], (at) => [`x[${at}]`]), name: "columnSum", inputs: {x: "f32"}};

/** Σ x over all its axes but the last ones, whose shape is given. */
export function columnSum(x: Tensor, shape: readonly number[]): Tensor {
  const n = util.sizeFromShape([...shape]);
  const rows = x.size / n;
  const groups = Math.ceil(n / COLUMNS);
  const sum = make(shape);
  if (rows < MANY) {
    run(shader, [x], [sum], [rows, n, rows], groups);
    return sum;
  }
  const parts = Math.ceil(rows / PART);
  const sums = make([parts, n]);
  run(shader, [x], [sums], [rows, n, PART], groups * parts);
  run(shader, [sums], [sum], [parts, n, parts], groups);
  sums.dispose();
  return sum;
}
