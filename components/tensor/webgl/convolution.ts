// Convolutions with stride 1 and zeros around: an image's line is a matrix, a row a pixel.

import type {DifferentiableOp} from "../fast.js";
import {packed} from "./packed.js";
import {run, type Shader} from "./program.js";
import {columnSums, sliceSums} from "./sums.js";

/** Two neighbours of a line from any pixel on; 0 outside. */
const PIXELS = `
  vec4 pixels(int line, int r, int c) {
    int width = xPlace[0];
    if ((r & 1) == 0) return r < 0 || r >= width ? vec4(0.0) : xBlock(line, r, c);
    vec2 left = r < 0 ? vec2(0.0) : xBlock(line, r - 1, c).zw;
    return vec4(left, r + 1 < width ? xBlock(line, r + 1, c).xy : vec2(0.0));
  }`;

/**
 * y[line, p] = bias + Σ x[line + i − pad, p + j − pad] · w[i, j] over the k × k taps. Turned: the same with the taps the
 * other way round and transposed, which gives the input's gradient from the output's.
 */
const convolved = (turned: boolean): Shader => ({
  inputs: turned ? ["x", "w"] : ["x", "w", "bias"],
  uniforms: ["int k", "int channels", "int height"],
  source: `${PIXELS}
    vec4 block(int line, int r, int c) {
      vec4 sum = ${turned ? "vec4(0.0)" : "vec2(bias(c), bias(c + 1)).xyxy"};
      int pad = k / 2, y = line % height;
      for (int i = max(0, pad - y); i < min(k, height + pad - y); i++) {
        for (int j = 0; j < k; j++) {
          int tap = ${turned ? "k * k - 1 - (i * k + j)" : "i * k + j"};
          for (int n = 0; n < channels; n += 2) {
            vec4 p = pixels(line + i - pad, r + j - pad, n);
            vec4 q = ${turned ? "wBlock(tap, c, n).xzyw" : "wBlock(tap, n, c)"};
            sum += p.xxzz * q.xyxy + p.yyww * q.zwzw;
          }
        }
      }
      return sum;
    }`
});
const forward = convolved(false);
const ofInput = convolved(true);

/** dw[i, j] = Σ x[line + i − pad, p + j − pad] · dy[line, p] over the pixels of the lines of a slice. */
const ofWeight: Shader = {
  inputs: ["x", "dy"],
  uniforms: ["int k", "int lines", "int perSlice", "int height"],
  source: `${PIXELS}
    vec4 block(int m, int r, int c) {
      int slice = m / (k * k), tap = m - slice * k * k, i = tap / k - k / 2, j = tap % k - k / 2;
      vec4 sum = vec4(0.0);
      int end = min((slice + 1) * perSlice, lines);
      for (int line = slice * perSlice; line < end; line++) {
        int y = line % height + i;
        if (y < 0 || y >= height) continue;
        for (int p = 0; p < xPlace[0]; p += 2) {
          vec4 a = pixels(line + i, p + j, r).xzyw;
          vec4 b = dyBlock(line, p, c);
          sum += a.xxzz * b.xyxy + a.yyww * b.zwzw;
        }
      }
      return sum;
    }`
};

/** About so many pixels are walked by one fragment. */
const PIXELS_PER_SLICE = 1024;

export const conv2d: DifferentiableOp<null> = {
  forward([x, weight, bias]) {
    const [n, height, width, channels] = x!.shape as [number, number, number, number];
    const [k, , , outputs] = weight!.shape as [number, number, number, number];
    const w = packed(weight!);
    const output = run(forward, [x!, w, bias!], [n, height, width, outputs], [k, channels, height]);
    return {output, saved: [x!, w]};
  },
  backward(dy, [x, weight]) {
    const [n, height, width] = x!.shape as [number, number, number, number];
    const [k, , inputs, outputs] = weight!.shape as [number, number, number, number];
    const perSlice = Math.ceil(PIXELS_PER_SLICE / width);
    const slices = Math.ceil((n * height) / perSlice);
    const partial = run(ofWeight, [x!, dy], [slices, k, k, inputs, outputs], [k, n * height, perSlice, height]);
    const dw = sliceSums(partial, weight!.shape);
    partial.dispose();
    return [() => run(ofInput, [dy, weight!], x!.shape, [k, outputs, height]), dw, columnSums(dy)];
  }
};
