import type {Tensor} from "@tensorflow/tfjs-core";
import {make, run, type Shader} from "./shader.js";
import {four, startTile, writeTile} from "./tile.js";

/** An invocation has four pixels in reading order and four channels of the output (tile.ts). */
const LANES = 64;

/**
 * y[n, row, column, o] = bias[o] + Σ x[n, row + v − (k − 1)/2, column + u − (k − 1)/2, c]·w[v, u, c, o]. Turned: the same with
 * the taps the other way round and w[v, u, o, c], which gives the input's gradient from the output's.
 */
function convolution(turned: boolean): Shader {
  const weight = (j: number) =>
    turned
      ? `w[((u.k * u.k - 1 - tap) * u.outputs + channels[${j}]) * u.inputs + c]`
      : `w[(tap * u.inputs + c) * u.outputs + channels[${j}]]`;
  return {
    name: turned ? "input gradient" : "convolution",
    inputs: {x: "f32", w: "f32", ...(turned ? {} : {bias: "f32"})},
    outputs: ["y"],
    uniforms: {pixels: "i32", height: "i32", width: "i32", k: "i32", inputs: "i32", outputs: "i32"},
    lanes: LANES,
    main: `
      let across = (u.outputs + 3) / 4;
      let pixel = index / across * 4;
      let channel = index % across * 4;
      if (pixel >= u.pixels) { return; }
      let channels = min(channel + vec4(0, 1, 2, 3), vec4(u.outputs - 1));
      let pixels = pixel + vec4(0, 1, 2, 3);
      let column = pixels % u.width;
      let row = pixels / u.width % u.height;
      let reach = (u.k - 1) / 2;
      ${startTile("channels", !turned)}
      for (var tap = 0; tap < u.k * u.k; tap++) {
        let down = tap / u.k - reach;
        let right = tap % u.k - reach;
        let inside = (row + down >= vec4(0)) & (row + down < vec4(u.height)) & (column + right >= vec4(0))
          & (column + right < vec4(u.width)) & (pixels < vec4(u.pixels));
        if (!any(inside)) { continue; }
        let at = select(vec4(0), (pixels + down * u.width + right) * u.inputs, inside);
        for (var c = 0; c < u.inputs; c++) {
          let v = vec4(${four.map(weight).join(", ")});
          let seen = select(vec4(0.0), vec4(${four.map((i) => `x[at[${i}] + c]`).join(", ")}), inside);
          ${four.map((i) => `sum${i} += seen[${i}] * v;`).join("\n")}
        }
      }
      ${writeTile("pixel", "u.pixels", "channel", "u.outputs")}`
  };
}
const forward = convolution(false);
const inputGradient = convolution(true);

/** x [n, h, w, in], filter [k, k, in, out], bias [out] → [n, h, w, out]; stride 1, zeros around. */
export function directConvolution(x: Tensor, filter: Tensor, bias: Tensor): Tensor {
  const [k, , inputs, outputs] = filter.shape as [number, number, number, number];
  return convolved(forward, [x, filter, bias], k, inputs, outputs);
}

/** dy [n, h, w, out] → the gradient of x, [n, h, w, in]. */
export function convolutionInputGradient(dy: Tensor, filter: Tensor): Tensor {
  const [k, , inputs, outputs] = filter.shape as [number, number, number, number];
  return convolved(inputGradient, [dy, filter], k, outputs, inputs);
}

function convolved(
  shader: Shader,
  tensors: readonly [Tensor, ...Tensor[]],
  k: number,
  inputs: number,
  outputs: number
) {
  const [batch, height, width] = tensors[0].shape as [number, number, number];
  const y = make([batch, height, width, outputs]);
  const pixels = batch * height * width;
  const invocations = Math.ceil(pixels / 4) * Math.ceil(outputs / 4);
  run(shader, tensors, [y], [pixels, height, width, k, inputs, outputs], Math.ceil(invocations / LANES));
  return y;
}
