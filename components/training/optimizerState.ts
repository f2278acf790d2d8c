// An optimiser's state as a run's named tensors: params/…, ema/…, m/…, v/….

import type {Weights} from "../models/weights.js";
import type {AdamW} from "../tensor/index.js";
import type {TrainerState} from "./trainer.js";

export async function optimizerTensors(optimizer: AdamW): Promise<TrainerState["tensors"]> {
  const {params, ema, m, v} = await optimizer.state();
  const tensors = new Map<string, {shape: readonly number[]; data: Float32Array}>();
  for (const [group, arrays] of Object.entries({params, ema: ema ?? params, m, v})) {
    for (const [name, array] of Object.entries(arrays)) tensors.set(`${group}/${name}`, array);
  }
  return tensors;
}

/** Goes on from such a state; nothing changes if it throws. */
export function restoreOptimizer(optimizer: AdamW, {step, tensors}: TrainerState): void {
  const group = (prefix: string): Weights => {
    const weights: Weights = {};
    for (const [name, array] of tensors) {
      if (name.startsWith(`${prefix}/`)) weights[name.slice(prefix.length + 1)] = array;
    }
    return weights;
  };
  optimizer.restore({step, params: group("params"), ema: group("ema"), m: group("m"), v: group("v")});
}
