import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {DifferentiableOp} from "./fast.js";

/** What tfjs's customGrad calls; that function itself computes the gradients of all inputs, needed or not. */
interface OpRunner {
  runKernelFunc(op: {
    forwardFunc(backend: object, save: (tensors: Tensor[]) => void): Tensor;
    backwardsFunc(dy: Tensor, saved: Tensor[]): Record<string, () => Tensor>;
    inputs: Record<string, Tensor>;
  }): Tensor;
}

/** Runs the op so that the tape sees one node with the op's own backward pass. */
export function applyOp<A>(op: DifferentiableOp<A>, inputs: Tensor[], constants: Tensor[], attributes: A): Tensor {
  return (tf.engine() as unknown as OpRunner).runKernelFunc({
    inputs: Object.fromEntries(inputs.map((input, i) => [i, input])),
    forwardFunc(_, save) {
      const {output, saved} = op.forward(inputs, constants, attributes);
      save(saved);
      return output;
    },
    backwardsFunc(dy, saved) {
      const grads = op.backward(dy, saved, attributes);
      return Object.fromEntries(grads.map((grad, i) => [i, typeof grad === "function" ? grad : () => grad]));
    }
  });
}
