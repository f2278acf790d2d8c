import type {WebGPUProgram} from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";

const GROUP = 64;

/**
 * A WebGPU program over one input A that computes one output element an invocation. body is WGSL with `index`, the
 * flat index of the output, in scope. Programs with the same key and shapes are compiled once.
 */
export function flatProgram(shaderKey: string, outputShape: number[], body: string): WebGPUProgram {
  const groups = Math.ceil(tf.util.sizeFromShape(outputShape) / GROUP);
  return {
    variableNames: ["A"],
    outputShape,
    workgroupSize: [GROUP, 1, 1],
    dispatchLayout: {x: outputShape.map((_, i) => i)},
    dispatch: spread(groups),
    size: true,
    shaderKey,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${body}
        }
      }`
  };
}

/** No dispatch may have more than 65535 groups along an axis. */
function spread(groups: number): [number, number, number] {
  if (groups <= 65535) return [groups, 1, 1];
  const side = Math.ceil(Math.sqrt(groups));
  return [side, Math.ceil(groups / side), 1];
}
