import type {Array64} from "./array64.js";

/** Σ f(inputs) · cotangent differentiated for one input by central differences in float64. */
export function finiteDifferences(
  f: (inputs: Record<string, Array64>) => Array64,
  inputs: Record<string, Array64>,
  name: string,
  cotangent: ArrayLike<number>,
  step = 1e-5
): Float64Array {
  const x = inputs[name]!;
  const at = (i: number, value: number): number => {
    const data = x.data.slice();
    data[i] = value;
    const y = f({...inputs, [name]: {shape: x.shape, data}});
    return y.data.reduce((total, v, j) => total + v * cotangent[j]!, 0);
  };
  return x.data.map((v, i) => (at(i, v + step) - at(i, v - step)) / (2 * step));
}
