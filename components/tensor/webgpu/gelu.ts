import type {DifferentiableOp} from "../fast.js";
import {make, run, type Shader} from "./shader.js";

// ½(1 + tanh(w)) = s(2w), s the sigmoid, and 2w = x(a + bx²). Beyond |x| = 10 s is 0 or 1 in float32, and exp would
// overflow.
const A = 2 * Math.sqrt(2 / Math.PI);
const B = A * 0.044715;
const gate = `
  fn near(x: f32) -> f32 { return clamp(x, -10.0, 10.0); }
  fn gate(x: f32) -> f32 { return 1.0 / (1.0 + exp(-near(x) * (${A} + ${B} * near(x) * near(x)))); }`;
const LANES = 64;

/** y = x·s(2w) */
const forward: Shader = {
  name: "gelu",
  inputs: {x: "f32"},
  outputs: ["y"],
  uniforms: {size: "i32"},
  lanes: LANES,
  shared: gate,
  main: "if (index < u.size) { y[index] = x[index] * gate(x[index]); }"
};

/** dx = dy·(s + x·s(1 − s)·(a + 3bx²)) */
const backward: Shader = {
  name: "gelu gradient",
  inputs: {dy: "f32", x: "f32"},
  outputs: ["dx"],
  uniforms: {size: "i32"},
  lanes: LANES,
  shared: gate,
  main: `
    if (index < u.size) {
      let v = near(x[index]);
      let s = gate(v);
      dx[index] = dy[index] * (s + v * s * (1.0 - s) * (${A} + ${3 * B} * v * v));
    }`
};

export const gelu: DifferentiableOp<null> = {
  forward([x]) {
    const output = make(x!.shape);
    run(forward, [x!], [output], [x!.size], Math.ceil(x!.size / LANES));
    return {output, saved: [x!]};
  },
  backward(dy, [x]) {
    const dx = make(x!.shape);
    run(backward, [dy, x!], [dx], [x!.size], Math.ceil(x!.size / LANES));
    return [dx];
  }
};
