// The discrete VAE of components/models/dvae.ts in tfjs's own ops, with the Gaussian likelihood that W1 has.

import * as tf from "@tensorflow/tfjs-core";
import type {DvaeInputs} from "../../inputs.js";
import {oneHot, tensorOf, type Variables} from "./training.js";

type Image = tf.Tensor4D;

export function dvaeLoss(inputs: DvaeInputs, variables: Variables): () => tf.Scalar {
  const {config, hyper, pixelEpsilon} = inputs;
  if (config.likelihood !== "l2") throw new Error(`dvaeLoss: expected l2, got ${config.likelihood}`);
  const x = tensorOf(inputs.x) as Image;
  const noise = tensorOf(inputs.gumbel);
  const conv = (name: string, h: Image): Image =>
    tf.add(tf.conv2d(h, variables[`${name}.weight`] as unknown as Image, 1, "same"), variables[`${name}.bias`]!);

  const block = (name: string, h: Image): Image => {
    let res = h;
    for (const i of [1, 2, 3, 4]) res = conv(`${name}.conv${i}`, tf.relu(res));
    const identity = variables[`${name}.identity.weight`] ? conv(`${name}.identity`, h) : h;
    return tf.add(identity, tf.mul(res, config.postGain));
  };

  const groups = config.widths.map((_, group) => group);
  const blocks = (part: string, group: number, count: number): string[] =>
    Array.from({length: count}, (_, b) => `${part}.group${group + 1}.block${b + 1}`);

  const encode = (mapped: Image): Image => {
    let h = conv("encoder.input", mapped);
    for (const group of groups) {
      if (group > 0) h = tf.maxPool(h, 2, 2, "valid");
      for (const name of blocks("encoder", group, config.blocks[group]!)) h = block(name, h);
    }
    return conv("encoder.output", tf.relu(h));
  };

  const decode = (z: Image): Image => {
    let h = conv("decoder.input", z);
    for (const group of groups) {
      const [, height, width] = h.shape;
      if (group > 0) h = tf.image.resizeNearestNeighbor(h, [2 * height, 2 * width]);
      for (const name of blocks("decoder", group, config.blocks.at(-1 - group)!)) h = block(name, h);
    }
    return conv("decoder.output", tf.relu(h));
  };

  return () => {
    const target = tf.add<Image>(tf.mul(x, 1 - 2 * pixelEpsilon), pixelEpsilon);
    const logits = encode(target);
    const y = tf.softmax(tf.div(tf.add(logits, tf.mul(noise, hyper.noise)), hyper.tau));
    const z = config.estimator === "straightThrough" ? straightThrough(y) : y;
    const statistics = decode(z as Image);
    const mu = tf.sigmoid(tf.slice(statistics, [0, 0, 0, 0], [-1, -1, -1, 3]));
    const sigma = config.pixelScale;
    const nll = tf.add(
      tf.div(tf.square(tf.sub(target, mu)), 2 * sigma ** 2),
      Math.log(sigma) + 0.5 * Math.log(2 * Math.PI)
    );
    const logQ = tf.logSoftmax(logits);
    const kl = tf.add(tf.mean(tf.sum(tf.mul(tf.exp(logQ), logQ), -1)), Math.log(config.codes));
    const count = Math.max(1, Math.floor(x.shape[0] / hyper.usageGroup));
    const average = tf.mean(tf.reshape(tf.softmax(logits), [count, -1, config.codes]), 1);
    const usage = tf.neg(tf.mean(tf.sum(tf.mul(average, tf.log(tf.add(average, 1e-10))), -1)));
    const positionsPerSubpixel = logits.size / config.codes / x.size;
    const rate = tf.mul(kl, hyper.beta * positionsPerSubpixel - hyper.certaintyBonus);
    return tf.sub(tf.add(tf.mean(nll), rate), tf.mul(usage, hyper.usageBonus)) as tf.Scalar;
  };
}

const straightThrough = tf.customGrad((y) => ({
  value: oneHot(tf.argMax(y as tf.Tensor, -1), (y as tf.Tensor).shape.at(-1)!),
  gradFunc: (dy: tf.Tensor) => dy
}));
