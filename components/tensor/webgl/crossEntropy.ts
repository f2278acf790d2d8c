import type {DifferentiableOp} from "../fast.js";
import {run, type Shader} from "./program.js";

/** ln Σ exp(x) − x[label] of each row, with the largest x taken off first. */
const losses: Shader = {
  inputs: ["x", "labels"],
  uniforms: ["int n"],
  source: `
    vec2 two(int row, int c) {
      vec4 v = xBlock(0, row & ~1, c);
      vec2 pair = (row & 1) == 0 ? v.xy : v.zw;
      return c + 1 == n ? pair.xx : pair;
    }
    float value(int row) {
      float largest = x(row * n);
      for (int c = 0; c < n; c += 2) {
        vec2 v = two(row, c);
        largest = max(largest, max(v.x, v.y));
      }
      float sum = 0.0;
      for (int c = 0; c < n; c += 2) {
        vec2 e = exp(two(row, c) - largest);
        sum += c + 1 == n ? e.x : e.x + e.y;
      }
      return log(sum) + (largest - x(row * n + int(labels(row) + 0.5)));
    }`
};

/** dx = dy · (softmax(x) − one-hot(label)); softmax(x) = exp(x − x[label] − loss). */
const gradient: Shader = {
  inputs: ["dy", "x", "labels", "losses"],
  uniforms: ["int n", "int rows"],
  source: `
    vec2 two(int row, int c, vec2 v) {
      if (row >= rows) return vec2(0.0);
      int label = int(labels(row) + 0.5);
      vec2 chosen = vec2(c == label, c + 1 == label);
      return dy(row) * (exp(v - x(row * n + label) - losses(row)) - chosen);
    }
    vec4 block(int m, int r, int c) {
      vec4 v = xBlock(0, r, c);
      return vec4(two(r, c, v.xy), two(r + 1, c, v.zw));
    }`
};

export const softmaxCrossEntropy: DifferentiableOp<null> = {
  forward([logits], [labels]) {
    const [rows, n] = logits!.shape as [number, number];
    const output = run(losses, [logits!, labels!], [rows], [n]);
    return {output, saved: [logits!, labels!, output]};
  },
  backward(dy, [logits, labels, output]) {
    const [rows, n] = logits!.shape as [number, number];
    return [run(gradient, [dy, logits!, labels!, output!], [rows, n], [n, rows])];
  }
};
