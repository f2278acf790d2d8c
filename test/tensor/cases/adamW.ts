// The backend's AdamW against the composed one, from the same parameters and gradients.

import {fastOps, setFastOps} from "../../../components/tensor/fast.js";
import {AdamW, type AdamWState, dispose, type NamedArrays, read, tensor} from "../../../components/tensor/index.js";
import {stream} from "../../../data/random.js";

const normals = (name: string, shape: readonly number[]) =>
  stream(2021, "adamW", name).fillNormal(new Float32Array(shape.reduce((a, b) => a * b, 1)));

// More than the workgroups of a GPU cover in one go, and more tensors than a program takes; of one axis, two and four.
const small = Array.from({length: 37}, (_, i) => (i % 3 === 0 ? [i + 2] : i % 3 === 1 ? [i, 37] : [3, 3, i, 5]));
const shapes: Record<string, readonly number[]> = {
  large: [531, 503],
  ...Object.fromEntries(small.map((shape, i) => [`small${i}`, shape]))
};
const initial: NamedArrays = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, {shape, data: normals(name, shape)}])
);

interface Options {
  readonly clipNorm: number;
  readonly emaDecay: number;
}

/** Three updates; a reader asks for the values just before each, and gets those of then. */
async function run(options: Options): Promise<{states: AdamWState[]; norms: number[]; views: number[][]}> {
  const optimiser = new AdamW(initial, {
    ...{beta1: 0.9, beta2: 0.96, epsilon: 1e-6, weightDecay: 0.1},
    decays: (name) => name === "large",
    ...options
  });
  const states: Promise<AdamWState>[] = [];
  const norms: number[] = [];
  const views: number[][] = [];
  for (let i = 0; i < 3; ++i) {
    if (i !== 1) states.push(optimiser.state());
    const grads = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, tensor(normals(`${name} ${i}`, shape), [...shape])])
    );
    const {gradNorm} = optimiser.step(grads, 0.01);
    norms.push((await read(gradNorm))[0]!);
    views.push([...(await read(optimiser.params().small8!)), ...(await read(optimiser.emaParams().small4!))]);
    dispose([grads, gradNorm]);
  }
  states.push(optimiser.state());
  const all = await Promise.all(states);
  optimiser.dispose();
  return {states: all, norms, views};
}

/** The largest error over the largest value, of everything that AdamW keeps, by its options. */
export async function adamWErrors(): Promise<Record<string, number>> {
  const table = fastOps();
  const {adamW: _, ...others} = table;
  const errors: Record<string, number> = {};
  for (const options of [
    {clipNorm: 0, emaDecay: 0},
    {clipNorm: 100, emaDecay: 0.9},
    {clipNorm: 1e4, emaDecay: 0.99} // clips nothing
  ]) {
    const got = await run(options);
    setFastOps(others);
    const expected = await run(options);
    setFastOps(table);
    errors[JSON.stringify(options)] = largestError(numbersOf(got), numbersOf(expected));
  }
  return errors;
}

function numbersOf({states, norms, views}: Awaited<ReturnType<typeof run>>): ArrayLike<number>[] {
  const kept = states.flatMap(({params, m, v, ema}) => [params, m, v, ...(ema ? [ema] : [])]);
  return [norms, ...views, ...kept.flatMap((arrays) => Object.values(arrays).map(({data}) => data))];
}

function largestError(got: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[]): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  expected.forEach((values, i) => {
    let [largest, error] = [1e-12, 0];
    for (let j = 0; j < values.length; ++j) {
      largest = Math.max(largest, Math.abs(values[j]!));
      const difference = Math.abs(got[i]![j]! - values[j]!);
      error = difference > error || Number.isNaN(difference) ? difference : error;
    }
    worst = Math.max(worst, error / largest); // NaN stays
  });
  return worst;
}
