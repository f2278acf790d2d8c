import type {Tensor, Tensor1D} from "@tensorflow/tfjs-core";
import {run, type Shader} from "./program.js";

/** Every device's shaders can read so many textures. */
const MOST = 16;

/** The i-th number of all inputs, one after the other. */
const joined = Array.from({length: MOST + 1}, (_, count): Shader => {
  const inputs = Array.from({length: count}, (_, k) => `x${k}`);
  return {
    inputs,
    uniforms: inputs.map((name) => `int ${name}Size`),
    source: `
      float value(int i) {
        ${inputs.map((x) => `if (i < ${x}Size) return ${x}(i);\ni -= ${x}Size;`).join("\n")}
        return 0.0;
      }`
  };
});

/** All numbers of the tensors in one vector: in groups, then the groups. */
export function flatten(tensors: readonly Tensor[]): Tensor1D {
  let parts = tensors;
  do {
    const groups = Array.from({length: Math.ceil(parts.length / MOST)}, (_, g) =>
      parts.slice(g * MOST, (g + 1) * MOST)
    );
    const next = groups.map((group) => {
      const sizes = group.map(({size}) => size);
      return run(joined[group.length]!, group, [sizes.reduce((a, b) => a + b, 0)], sizes);
    });
    if (parts !== tensors) for (const part of parts) part.dispose();
    parts = next;
  } while (parts.length > 1);
  return parts[0] as Tensor1D;
}
