import type {DifferentiableOp} from "../fast.js";
import {COLUMNS, columns} from "./columnSum.js";
import {sumOf} from "./reduction.js";
import {make, run, type Shader} from "./shader.js";

// A workgroup takes a row: n numbers from `first` on.
const row = `
  if (group >= u.rows) { return; }
  let first = group * u.n;`;
const LANES = 64;

/** r = 1/√(variance + ε), y = (x − mean)·r·gain + bias; the statistics are the mean and r of each row. */
const forward: Shader = {
  name: "layerNorm",
  inputs: {x: "f32", gain: "f32", bias: "f32"},
  outputs: ["y", "statistics"],
  uniforms: {rows: "i32", n: "i32", epsilon: "f32"},
  lanes: LANES,
  shared: sumOf,
  main: `${row}
    var total = 0.0;
    for (var i = lane; i < u.n; i += LANES) { total += x[first + i]; }
    let mean = sumOf(total, lane) / f32(u.n);
    var squares = 0.0;
    for (var i = lane; i < u.n; i += LANES) {
      let centred = x[first + i] - mean;
      squares += centred * centred;
    }
    let r = 1.0 / sqrt(sumOf(squares, lane) / f32(u.n) + u.epsilon);
    for (var i = lane; i < u.n; i += LANES) { y[first + i] = (x[first + i] - mean) * r * gain[i] + bias[i]; }
    if (lane == 0) {
      statistics[2 * group] = mean;
      statistics[2 * group + 1] = r;
    }`
};

/** With x̂ = (x − mean)·r and d = dy·gain: dx = r·(d − mean of d − x̂·mean of d·x̂), the means over the row. */
const ofInput: Shader = {
  name: "layerNorm gradient",
  inputs: {dy: "f32", x: "f32", gain: "f32", statistics: "f32"},
  outputs: ["dx"],
  uniforms: {rows: "i32", n: "i32"},
  lanes: LANES,
  shared: sumOf,
  main: `${row}
    let mean = statistics[2 * group];
    let r = statistics[2 * group + 1];
    var plain = 0.0;
    var along = 0.0;
    for (var i = lane; i < u.n; i += LANES) {
      let d = dy[first + i] * gain[i];
      plain += d;
      along += d * (x[first + i] - mean) * r;
    }
    plain = sumOf(plain, lane) / f32(u.n);
    along = sumOf(along, lane) / f32(u.n);
    for (var i = lane; i < u.n; i += LANES) {
      dx[first + i] = r * (dy[first + i] * gain[i] - plain - (x[first + i] - mean) * r * along);
    }`
};

/** dgain = Σ dy·x̂ and dbias = Σ dy, over the rows. */
const ofScale: Shader = {
  ...columns(["dgain", "dbias"], (at, r) => [
    `dy[${at}] * (x[${at}] - statistics[2 * ${r}]) * statistics[2 * ${r} + 1]`,
    `dy[${at}]`
  ]),
  name: "layerNorm gradient of gain and bias",
  inputs: {dy: "f32", x: "f32", statistics: "f32"}
};

export const layerNorm: DifferentiableOp<{epsilon: number}> = {
  forward([x, gain, bias], _, {epsilon}) {
    const n = gain!.size;
    const rows = x!.size / n;
    const output = make(x!.shape);
    const statistics = make([rows, 2]);
    run(forward, [x!, gain!, bias!], [output, statistics], [rows, n, epsilon], rows);
    return {output, saved: [x!, gain!, statistics]};
  },
  backward(dy, [x, gain, statistics]) {
    const n = gain!.size;
    const rows = x!.size / n;
    const ofX = () => {
      const dx = make(x!.shape);
      run(ofInput, [dy, x!, gain!, statistics!], [dx], [rows, n], rows);
      return dx;
    };
    const [dgain, dbias] = [make([n]), make([n])];
    run(ofScale, [dy, x!, statistics!], [dgain, dbias], [rows, n, rows], Math.ceil(n / COLUMNS));
    return [ofX, dgain, dbias];
  }
};
