// The gradient of a convolution's filter. tfjs's shader has one invocation for each weight, which goes over all pixels
// of the batch by itself: a few hundred invocations of a few ten thousand steps.

import type {Tensor} from "@tensorflow/tfjs-core";
import {columnSum} from "./columnSum.js";
import {make, run, type Shader} from "./shader.js";

/** A workgroup takes TILE × TILE pairs of channels at one place of the filter, and CHUNK pixels at a time. */
const TILE = 8;
const CHUNK = 32;
/** So many workgroups keep a GPU busy: the pixels are divided until there are. */
const ENOUGH = 2048;
const SMALLEST_PART = 256;

/** dw[v, u, i, o] = Σ x[n, row + v − (k − 1)/2, column + u − (k − 1)/2, i]·dy[n, row, column, o] over a part's pixels. */
const shader: Shader = {
  name: "filter gradient",
  inputs: {x: "f32", dy: "f32"},
  outputs: ["dw"],
  uniforms: {pixels: "i32", height: "i32", width: "i32", k: "i32", inputs: "i32", outputs: "i32", part: "i32"},
  lanes: TILE * TILE,
  shared: `
    var<workgroup> xs: array<f32, ${CHUNK * TILE}>;
    var<workgroup> ds: array<f32, ${CHUNK * TILE}>;`,
  main: `
    let across = (u.outputs + ${TILE - 1}) / ${TILE};
    let down = (u.inputs + ${TILE - 1}) / ${TILE};
    let firstOutput = group % across * ${TILE};
    let firstInput = group / across % down * ${TILE};
    let tap = group / across / down % (u.k * u.k);
    let number = group / across / down / (u.k * u.k);
    let up = (u.k - 1) / 2 - tap / u.k;
    let left = (u.k - 1) / 2 - tap % u.k;
    let end = min((number + 1) * u.part, u.pixels);
    let i = lane / ${TILE};
    let o = lane % ${TILE};
    var total = 0.0;
    for (var base = number * u.part; base < end; base += ${CHUNK}) {
      for (var at = lane; at < ${CHUNK * TILE}; at += LANES) {
        let pixel = base + at / ${TILE};
        let row = pixel / u.width % u.height - up;
        let column = pixel % u.width - left;
        let input = firstInput + at % ${TILE};
        let output = firstOutput + at % ${TILE};
        xs[at] = 0.0;
        ds[at] = 0.0;
        if (pixel < end) {
          if (input < u.inputs && row >= 0 && row < u.height && column >= 0 && column < u.width) {
            xs[at] = x[(pixel - up * u.width - left) * u.inputs + input];
          }
          if (output < u.outputs) { ds[at] = dy[pixel * u.outputs + output]; }
        }
      }
      workgroupBarrier();
      for (var p = 0; p < ${CHUNK}; p++) { total += xs[p * ${TILE} + i] * ds[p * ${TILE} + o]; }
      workgroupBarrier();
    }
    let input = firstInput + i;
    let output = firstOutput + o;
    if (input < u.inputs && output < u.outputs && number * u.part < u.pixels) {
      dw[((number * u.k * u.k + tap) * u.inputs + input) * u.outputs + output] = total;
    }`
};

/** x [n, h, w, in], dy [n, h, w, out] → [k, k, in, out]; stride 1, zeros around. */
export function filterGradient(x: Tensor, dy: Tensor, k: number): Tensor {
  const [batch, height, width, inputs] = x.shape as [number, number, number, number];
  const outputs = dy.shape[3]!;
  const pixels = batch * height * width;
  const tiles = Math.ceil(inputs / TILE) * Math.ceil(outputs / TILE) * k * k;
  const wanted = Math.max(1, Math.min(Math.ceil(ENOUGH / tiles), Math.ceil(pixels / SMALLEST_PART)));
  const part = Math.ceil(pixels / wanted);
  const parts = Math.ceil(pixels / part);
  const dw = make(parts === 1 ? [k, k, inputs, outputs] : [parts, k, k, inputs, outputs]);
  run(shader, [x, dy], [dw], [pixels, height, width, k, inputs, outputs, part], tiles * parts);
  if (parts === 1) return dw;
  const sum = columnSum(dw, [k, k, inputs, outputs]);
  dw.dispose();
  return sum;
}
