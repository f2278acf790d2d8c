// A training step with tfjs's variables and its Adam, which neither clips, decays nor averages.

import * as tf from "@tensorflow/tfjs-core";
import type {AdamConfig} from "../../../../components/models/recipe.js";
import type {Weights} from "../../../../components/models/weights.js";
import type {Floats, Integers} from "../../inputs.js";
import type {Workload} from "../../peer.js";

export type Variables = Readonly<Record<string, tf.Variable>>;

export interface TrainingInputs {
  readonly weights: Weights;
  readonly adam: AdamConfig;
  readonly learningRate: number;
}

/** lossOf makes the loss of these inputs; its tensors stay as long as the workload. */
export function training<I extends TrainingInputs>(
  inputs: I,
  lossOf: (inputs: I, variables: Variables) => () => tf.Scalar
): Workload {
  const {beta1, beta2, epsilon} = inputs.adam;
  const variables = variablesOf(inputs.weights);
  const loss = lossOf(inputs, variables);
  const optimizer = tf.train.adam(inputs.learningRate, beta1, beta2, epsilon);
  return {
    async run() {
      const value = optimizer.minimize(loss, true)!;
      const [read] = await value.data();
      value.dispose();
      return read!;
    },
    async parts() {
      const start = performance.now();
      const {value, grads} = tf.variableGrads(loss);
      await value.data();
      const between = performance.now();
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({name, tensor})));
      await Object.values(variables).at(-1)!.data();
      const end = performance.now();
      tf.dispose([value, grads]);
      return {gradients: between - start, optimizer: end - between};
    },
    dispose() {
      tf.dispose(variables);
      optimizer.dispose();
    }
  };
}

export function variablesOf(weights: Weights): Variables {
  return Object.fromEntries(
    Object.entries(weights).map(([name, {shape, data}]) => [name, tf.variable(tf.tensor(data, [...shape]))])
  );
}

export function tensorOf({shape, data}: Floats | Integers): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
}

/** As floats. By a cast: asked for floats directly, WASM's OneHot writes the bits of integers. */
export function oneHot(ids: tf.Tensor, depth: number): tf.Tensor {
  return tf.cast(tf.oneHot(ids as tf.Tensor1D, depth), "float32");
}
