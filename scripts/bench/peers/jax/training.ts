// A training step in jax-js: loss, gradients and Adam in one compiled function. Its Adam neither clips, decays nor
// averages: the library's own (a package apart) does not either by itself.

import {blockUntilReady, jit, numpy as np, tree, valueAndGrad} from "@jax-js/jax";
import type {AdamConfig} from "../../../../components/models/recipe.js";
import type {Weights} from "../../../../components/models/weights.js";
import type {Floats, Integers} from "../../inputs.js";
import type {Workload} from "../../peer.js";

export type Arrays = Record<string, np.Array>;

type State = {params: Arrays; m: Arrays; v: Arrays; step: np.Array};

export interface TrainingOptions {
  readonly adam: AdamConfig;
  readonly learningRate: number;
}

/** loss takes over both of its arguments. */
export function training(
  params: Arrays,
  data: Arrays,
  {adam, learningRate}: TrainingOptions,
  loss: (params: Arrays, data: Arrays) => np.Array
): Workload {
  const gradients = valueAndGrad(loss);
  const gradientsAlone = jit((params: Arrays, data: Arrays) => gradients(params, data) as [np.Array, Arrays]);
  const updateAlone = jit((state: State, grads: Arrays) => adamStep(state, grads, adam, learningRate));
  const stepOf = jit((state: State, data: Arrays) => {
    const {params} = state;
    const [value, grads] = gradients(tree.ref(params), data) as [np.Array, Arrays];
    return [value, adamStep(state, grads, adam, learningRate)] as [np.Array, State];
  });
  const zeros = () => Object.fromEntries(Object.entries(params).map(([name, x]) => [name, np.zeros(x.shape)]));
  let state: State = {params, m: zeros(), v: zeros(), step: np.zeros([])};
  return {
    async run() {
      const [value, next] = stepOf(state, tree.ref(data)) as [np.Array, State];
      state = next;
      await blockUntilReady(state); // every update is made, not only what the loss needs
      return (await value.data())[0]!;
    },
    async parts() {
      const start = performance.now();
      const [value, grads] = gradientsAlone(tree.ref(state.params), tree.ref(data)) as [np.Array, Arrays];
      await blockUntilReady(grads);
      await value.data();
      const between = performance.now();
      state = updateAlone(state, grads) as State;
      await blockUntilReady(state);
      return {gradients: between - start, optimizer: performance.now() - between};
    },
    dispose: () => tree.dispose([state, data])
  };
}

function adamStep({params, m, v, step}: State, grads: Arrays, adam: AdamConfig, learningRate: number): State {
  const {beta1, beta2, epsilon} = adam;
  const count = step.add(1);
  const power = (beta: number) => np.exp(count.ref.mul(Math.log(beta)));
  const out: State = {params: {}, m: {}, v: {}, step: count.ref};
  const scale1 = np.reciprocal(np.subtract(1, power(beta1)));
  const scale2 = np.reciprocal(np.subtract(1, power(beta2)));
  count.dispose();
  for (const [name, grad] of Object.entries(grads)) {
    const nextM = m[name]!.mul(beta1).add(grad.ref.mul(1 - beta1));
    const nextV = v[name]!.mul(beta2).add(np.square(grad).mul(1 - beta2));
    out.m[name] = nextM.ref;
    out.v[name] = nextV.ref;
    const denominator = np.sqrt(nextV.mul(scale2.ref)).add(epsilon);
    out.params[name] = params[name]!.sub(nextM.mul(scale1.ref).div(denominator).mul(learningRate));
  }
  scale1.dispose();
  scale2.dispose();
  return out;
}

export function arrayOf({shape, data}: Floats | Integers): np.Array {
  return np.array(data.slice() as Float32Array<ArrayBuffer>, {
    shape: [...shape],
    dtype: data instanceof Int32Array ? np.int32 : np.float32
  });
}

export function arraysOf(weights: Weights): Arrays {
  return Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, arrayOf(array)]));
}
