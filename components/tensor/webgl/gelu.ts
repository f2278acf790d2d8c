import type {DifferentiableOp} from "../fast.js";
import {run, type Shader} from "./program.js";

/** s = 1 / (1 + exp(−u)), u = x(a + bx²); beyond ±80 it is 0 or 1 to all digits, and exp(80) is still a number. */
const GATE = `
  const float A = 1.5957691216057308, B = 0.0713548162726009;
  vec4 gate(vec4 x) { return 1.0 / (1.0 + exp(-clamp(x * (A + B * x * x), -80.0, 80.0))); }`;

/** y = x · s. */
const output: Shader = {
  inputs: ["x"],
  source: `${GATE}
    vec4 block(int m, int r, int c) {
      vec4 v = xBlock(m, r, c);
      return v * gate(v);
    }`
};

/** dx = dy · s · (1 + x(1 − s)u'), u' = a + 3bx². */
const gradient: Shader = {
  inputs: ["dy", "x"],
  source: `${GATE}
    vec4 block(int m, int r, int c) {
      vec4 v = xBlock(m, r, c);
      vec4 s = gate(v);
      return dyBlock(m, r, c) * s * (1.0 + v * (1.0 - s) * (A + 3.0 * B * v * v));
    }`
};

export const gelu: DifferentiableOp<null> = {
  forward: ([x]) => ({output: run(output, [x!], x!.shape), saved: [x!]}),
  backward: (dy, [x]) => [run(gradient, [dy, x!], x!.shape)]
};
