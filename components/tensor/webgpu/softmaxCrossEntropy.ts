import type {DifferentiableOp} from "../fast.js";
import {largestOf, sumOf} from "./reduction.js";
import {make, run, type Shader} from "./shader.js";

const LANES = 64;

/** l = ln Σ exp x, y = l − x[label]; a workgroup takes a row. */
const forward: Shader = {
  name: "softmaxCrossEntropy",
  inputs: {x: "f32", labels: "i32"},
  outputs: ["y", "logSum"],
  uniforms: {rows: "i32", n: "i32"},
  lanes: LANES,
  shared: largestOf + sumOf,
  main: `
    if (group >= u.rows) { return; }
    let first = group * u.n;
    var largest = x[first];
    for (var i = lane; i < u.n; i += LANES) { largest = max(largest, x[first + i]); }
    largest = largestOf(largest, lane);
    var total = 0.0;
    for (var i = lane; i < u.n; i += LANES) { total += exp(x[first + i] - largest); }
    total = log(sumOf(total, lane));
    if (lane == 0) {
      y[group] = total - (x[first + labels[group]] - largest);
      logSum[group] = total + largest;
    }`
};

/** dx = dy·(exp(x − l) − [the label]) */
const backward: Shader = {
  name: "softmaxCrossEntropy gradient",
  inputs: {dy: "f32", x: "f32", labels: "i32", logSum: "f32"},
  outputs: ["dx"],
  uniforms: {rows: "i32", n: "i32"},
  lanes: LANES,
  main: `
    let row = index / u.n;
    if (row >= u.rows) { return; }
    let own = select(0.0, 1.0, index % u.n == labels[row]);
    dx[index] = dy[row] * (exp(x[index] - logSum[row]) - own);`
};

export const softmaxCrossEntropy: DifferentiableOp<null> = {
  forward([logits], [labels]) {
    const [rows, n] = logits!.shape as [number, number];
    const [output, logSum] = [make([rows]), make([rows])];
    run(forward, [logits!, labels!], [output, logSum], [rows, n], rows);
    return {output, saved: [logits!, labels!, logSum]};
  },
  backward(dy, [logits, labels, logSum]) {
    const [rows, n] = logits!.shape as [number, number];
    const dx = make([rows, n]);
    run(backward, [dy, logits!, labels!, logSum!], [dx], [rows, n], Math.ceil((rows * n) / LANES));
    return [dx];
  }
};
