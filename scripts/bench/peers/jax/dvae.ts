// The discrete VAE in jax-js, channels second, as its convolutions want them.

import {lax, nn, numpy as np, tree} from "@jax-js/jax";
import type {DvaeInputs} from "../../inputs.js";
import type {Workload} from "../../peer.js";
import {type Arrays, arrayOf, arraysOf, training} from "./training.js";

export function dvaeWorkload(inputs: DvaeInputs): Workload {
  const params = arraysOf(inputs.weights);
  for (const [name, x] of Object.entries(params)) if (x.ndim === 4) params[name] = settled(x.transpose([3, 2, 0, 1]));
  const data = {
    x: settled(arrayOf(inputs.x).transpose([0, 3, 1, 2])),
    noise: settled(arrayOf(inputs.gumbel).transpose([0, 3, 1, 2]))
  };
  return training(params, data, inputs, (p, d) => dvaeLoss(inputs, p, d));
}

/** As an array that lies in memory in its own order. */
function settled(x: np.Array): np.Array {
  const {shape} = x;
  return np.array(x.dataSync() as Float32Array<ArrayBuffer>, {shape});
}

function dvaeLoss({config, hyper, pixelEpsilon}: DvaeInputs, params: Arrays, data: Arrays): np.Array {
  if (config.likelihood !== "l2") throw new Error(`dvaeLoss: expected l2, got ${config.likelihood}`);
  const conv = (name: string, x: np.Array): np.Array =>
    lax.conv(x, params[`${name}.weight`]!.ref, [1, 1], "SAME").add(params[`${name}.bias`]!.ref.reshape([1, -1, 1, 1]));
  const block = (name: string, x: np.Array): np.Array => {
    let h = x.ref;
    for (const i of [1, 2, 3, 4]) h = conv(`${name}.conv${i}`, nn.relu(h));
    const identity = params[`${name}.identity.weight`] ? conv(`${name}.identity`, x) : x;
    return identity.add(h.mul(config.postGain));
  };
  const through = (part: string, counts: readonly number[], between: (x: np.Array) => np.Array, x: np.Array) => {
    let h = x;
    for (const [group, count] of counts.entries()) {
      if (group > 0) h = between(h);
      for (let b = 1; b <= count; ++b) h = block(`${part}.group${group + 1}.block${b}`, h);
    }
    return conv(`${part}.output`, nn.relu(h));
  };

  const target = data.x!.mul(1 - 2 * pixelEpsilon).add(pixelEpsilon);
  const logits = through("encoder", config.blocks, halved, conv("encoder.input", target.ref));
  const y = nn.softmax(logits.ref.add(data.noise!.mul(hyper.noise)).div(hyper.tau), 1);
  const z = config.estimator === "straightThrough" ? straightThrough(y) : y;
  const statistics = through("decoder", [...config.blocks].reverse(), doubled, conv("decoder.input", z));
  const mu = nn.sigmoid(statistics.slice([], [0, 3]));
  const sigma = config.pixelScale;
  const constant = Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
  const nll = np
    .square(target.sub(mu))
    .mul(1 / (2 * sigma ** 2))
    .add(constant);

  const [images = 1, , height = 1, width = 1] = logits.shape;
  const logQ = nn.logSoftmax(logits.ref, 1);
  const kl = np.exp(logQ.ref).mul(logQ).sum(1).mean().add(Math.log(config.codes));
  const groups = Math.max(1, Math.floor(images / hyper.usageGroup));
  const grouped = nn.softmax(logits, 1).reshape([groups, images / groups, config.codes, height, width]);
  const average = grouped.mean([1, 3, 4]);
  const usage = average.ref
    .mul(np.log(average.add(1e-10)))
    .sum(-1)
    .mean()
    .neg();
  const positionsPerSubpixel = (height * width) / (3 * config.imageSize ** 2);
  const rate = kl.mul(hyper.beta * positionsPerSubpixel - hyper.certaintyBonus);
  tree.dispose(params);
  return nll.mean().add(rate).sub(usage.mul(hyper.usageBonus));
}

/** Windows of 2 × 2 to their largest. */
function halved(x: np.Array): np.Array {
  const [n = 1, c = 1, h = 1, w = 1] = x.shape;
  return x.reshape([n, c, h / 2, 2, w / 2, 2]).max([3, 5]);
}

function doubled(x: np.Array): np.Array {
  return np.repeat(np.repeat(x, 2, 2), 2, 3);
}

function straightThrough(y: np.Array): np.Array {
  const codes = y.shape[1]!;
  const hard = nn.oneHot(np.argmax(lax.stopGradient(y.ref), 1), codes).transpose([0, 3, 1, 2]);
  return y.ref.add(lax.stopGradient(hard.sub(y)));
}
