import type {Scalar, Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** The parameters of a model by name. A model is functions over such a record. */
export type Params = Readonly<Record<string, Tensor>>;

export interface Loss {
  /** Rank 0. */
  readonly loss: Tensor;
  /** Other results of the forward pass, such as parts of the loss; no gradient flows through them. */
  readonly aux?: Readonly<Record<string, Tensor>>;
}

export interface LossAndGrads {
  readonly loss: Scalar;
  readonly grads: Record<string, Tensor>;
  readonly aux: Record<string, Tensor>;
}

/**
 * The loss of the parameters and its gradient for each of them. Everything else that f makes is disposed; the caller
 * disposes what is returned. Throws if the loss does not depend on some parameter, naming it.
 */
export function valueAndGrads(params: Params, f: (params: Params) => Loss): LossAndGrads {
  const names = Object.keys(params);
  const inputs = names.map((name) => params[name]!);
  return tf.tidy(() => {
    const kept: Record<string, Tensor> = {};
    const forward = (): Scalar => {
      const {loss, aux = {}} = f(params);
      if (loss.rank !== 0) throw new Error(`valueAndGrads: expected a scalar loss, got [${loss.shape}]`);
      // The tape's scope disposes all but the loss, so the rest is kept until it is over.
      for (const [name, value] of Object.entries(aux)) kept[name] = tf.keep(value.clone());
      return loss as Scalar;
    };
    try {
      const {value, grads} = tf.engine().gradients(forward, inputs, undefined, true);
      const missing = names.filter((_, i) => grads[i] == null);
      if (missing.length > 0) throw new Error(`valueAndGrads: the loss does not depend on ${missing.join(", ")}`);
      return {
        loss: value as Scalar,
        grads: Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
        aux: Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, value.clone()]))
      };
    } finally {
      tf.dispose(kept);
    }
  });
}
