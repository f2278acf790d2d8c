// Our fused ops for tfjs's WebGL backend: a GPU with a small model waits for calls, so each makes few draws.

import {env} from "@tensorflow/tfjs-core";
import {type FastOps, setFastOps} from "../fast.js";
import {adamW} from "./adamW.js";
import {selfAttention} from "./attention.js";
import {registerConstantOps} from "./constants.js";
import {conv2d} from "./convolution.js";
import {softmaxCrossEntropy} from "./crossEntropy.js";
import {flatten} from "./flatten.js";
import {gelu} from "./gelu.js";
import {layerNorm} from "./layerNorm.js";
import {linear} from "./linear.js";
import {registerReluGrad} from "./reluGrad.js";

export const webglFastOps = {
  layerNorm,
  gelu,
  softmaxCrossEntropy,
  selfAttention,
  linear,
  conv2d,
  flatten,
  adamW
} satisfies Partial<FastOps>;

/** Plugs them in; changes nothing on a device with WebGL 1, whose shaders know neither texels nor loops over rows. */
export function registerWebglOps(): void {
  if (env().getNumber("WEBGL_VERSION") < 2) return;
  registerReluGrad();
  registerConstantOps();
  setFastOps(webglFastOps);
}
