// Whether the backend in use computes rightly: a small model's loss and gradients, and an integer transpose (which
// WebGPU may get wrong without a word), against stored values. A second at most.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {conv2d, maxPool2} from "./convolution.js";
import {wave} from "./fastOpsTest.js";
import {matMul} from "./matMul.js";
import {softmaxCrossEntropy} from "./normalise.js";
import {read} from "./read.js";
import {messageOf} from "./renderers.js";
import {valueAndGrads} from "./valueAndGrads.js";

/** 16-bit devices are accepted: their gradients were off by half a percent at most. */
const TOLERANCE = 0.02;

/** null if all is right, else what is wrong. */
export async function selfTest(): Promise<string | null> {
  const flags = ["WEBGPU_CPU_FORWARD", "WEBGL_CPU_FORWARD"].filter((flag) => flag in tf.env().getFlags());
  const before = flags.map((flag) => tf.env().getBool(flag));
  // Both GPU backends compute small things on the processor; here the GPU is to be tested.
  for (const flag of flags) tf.env().set(flag, false);
  let outputs: Output[] = [];
  try {
    outputs = [integerTranspose(), ...smallModel()];
    for (const {name, value, expected} of outputs) {
      const got = await read(value);
      const scale = Math.max(...expected.map(Math.abs));
      const worst = Math.max(...expected.map((x, i) => Math.abs(x - got[i]!)));
      if (!(worst <= TOLERANCE * scale)) return `${name}: expected ${expected.slice(0, 4)}, got ${got.slice(0, 4)}`;
    }
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    flags.forEach((flag, i) => {
      tf.env().set(flag, before[i]!);
    });
    tf.dispose(outputs.map(({value}) => value));
  }
}

interface Output {
  readonly name: string;
  readonly value: Tensor;
  readonly expected: readonly number[];
}

function integerTranspose(): Output {
  const value = tf.tidy(() => tf.transpose(tf.reshape(tf.range(0, 12, 1, "int32"), [2, 2, 3]), [2, 0, 1]));
  return {name: "transpose of integers", value, expected: [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]};
}

function smallModel(): Output[] {
  return tf.tidy(() => {
    const x = wave([2, 4, 4, 2], 5);
    const labels = tf.tensor1d([2, 0], "int32");
    const {loss, grads} = valueAndGrads({filter: wave([3, 3, 2, 3], 7), weight: wave([12, 3], 3)}, (params) => {
      const features = tf.reshape(maxPool2(conv2d(x, params.filter!)), [2, 12]);
      return {loss: tf.mean(softmaxCrossEntropy(tf.div(matMul(features, params.weight!), 4), labels))};
    });
    return [
      {name: "loss", value: loss, expected: LOSS},
      {name: "gradient of a convolution", value: grads.filter!, expected: FILTER},
      {name: "gradient of a product", value: grads.weight!, expected: WEIGHT}
    ];
  });
}

const LOSS: number[] = [1.9403];
const FILTER: number[] = [
  0.2346, -0.0363, -0.0419, -0.1153, 0.1496, 0.3395, -0.0023, 0.1475, -0.0553, 0.2084, -0.0698, -0.0458, -0.2157,
  0.0379, -0.0003, -0.0287, 0.1455, -0.0591, -0.0938, 0.175, 0.4151, 0.0138, -0.4012, -0.0258, 0.2305, -0.0122, -0.0687,
  -0.1908, 0.098, -0.1465, -0.0007, 0.1375, -0.0626, 0.1391, -0.0499, -0.067, 0.0321, -0.3167, -0.0593, 0.2478, -0.0304,
  0.0352, -0.139, 0.1319, 0.0883, -0.0122, 0.1534, -0.1421, 0.1737, -0.0638, -0.0155, -0.1926, 0.0438, 0.1471
];
const WEIGHT: number[] = [
  -0.1697, 0.659, -0.4894, -0.2066, 0.1613, 0.0453, -0.0785, 0.273, -0.1945, -0.5035, 0.4449, 0.0586, -0.0744, 0.2305,
  -0.156, -0.1854, 0.306, -0.1206, -0.1358, 0.3394, -0.2036, -0.3294, 0.8588, -0.5294, -0.3818, 0.7239, -0.3421, -0.096,
  0.2009, -0.1049, -0.5792, 0.6196, -0.0404, -0.4285, 0.4639, -0.0353
];
