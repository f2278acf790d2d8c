import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {DifferentiableOp} from "./fast.js";

/** Runs the op so that the tape sees one node with the op's own backward pass. */
export function applyOp<A>(op: DifferentiableOp<A>, inputs: Tensor[], constants: Tensor[], attributes: A): Tensor {
  const run = tf.customGrad((...args: (Tensor | tf.GradSaveFunc)[]) => {
    const save = args[inputs.length] as tf.GradSaveFunc;
    const {output, saved} = op.forward(args.slice(0, inputs.length) as Tensor[], constants, attributes);
    save(saved);
    return {value: output, gradFunc: (dy: Tensor, kept: Tensor[]) => op.backward(dy, kept, attributes)};
  });
  return run(...inputs);
}
