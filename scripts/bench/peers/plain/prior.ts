// The transformer of components/models/prior.ts in tfjs's own ops.

import * as tf from "@tensorflow/tfjs-core";
import {imageLength, modelWidth, type PriorConfig} from "../../../../components/models/priorConfig.js";
import type {PriorInputs} from "../../inputs.js";
import {oneHot, tensorOf, type Variables} from "./training.js";

export function priorLoss(inputs: PriorInputs, variables: Variables): () => tf.Scalar {
  const {config, hyper} = inputs;
  const text = tensorOf(inputs.text) as tf.Tensor2D;
  const weight = tensorOf(inputs.textWeight);
  const image = tensorOf(inputs.image) as tf.Tensor2D;
  const masks = inputs.masks.map(tensorOf);
  const [batch] = image.shape;
  const n = imageLength(config);
  const t = config.textLength;
  return () => {
    const h = states(variables, config, masks, text, tf.slice(image, [0, 0], [batch, n - 1]));
    const textLogits = project(variables, "output.text", tf.slice(h, [0, 0, 0], [batch, t, -1]));
    const imageLogits = project(variables, "output.image", tf.slice(h, [0, t, 0], [batch, n, -1]));
    const targets = tf.minimum<tf.Tensor2D>(text, tf.scalar(config.textVocabulary - 1, "int32"));
    const textLoss = tf.sum(tf.mul(nats(textLogits, targets), weight));
    const imageLoss = tf.mean(nats(imageLogits, image));
    return tf.add(tf.mul(textLoss, hyper.textWeight), tf.mul(imageLoss, hyper.imageWeight)) as tf.Scalar;
  };
}

/** −ln p of each target: logits (B, m, V), ids (B, m) → (B, m). */
function nats(logits: tf.Tensor, ids: tf.Tensor2D): tf.Tensor {
  const chosen = oneHot(ids, logits.shape.at(-1)!);
  return tf.neg(tf.sum(tf.mul(chosen, tf.logSoftmax(logits)), -1));
}

/** text (B, T), image (B, m) → (B, 1 + T + m, d). */
export function states(
  variables: Variables,
  config: PriorConfig,
  masks: readonly tf.Tensor[],
  text: tf.Tensor2D,
  image: tf.Tensor2D
): tf.Tensor {
  let x = tf.concat([embedText(variables, text), embedImage(variables, config, image, 0)], 1);
  for (const [i, mask] of masks.entries()) x = layer(variables, config, `layer${i + 1}`, x, mask).x;
  return normalize(variables, "output.norm", x);
}

export function embedText(variables: Variables, text: tf.Tensor2D): tf.Tensor {
  const tokens = tf.add(tf.gather(variables["text.embedding"]!, text), variables["text.position"]!);
  const start = tf.tile(tf.expandDims(variables["text.start"]!, 0), [text.shape[0], 1, 1]);
  return tf.concat([start, tokens], 1);
}

/** from: the place of the first of these tokens. */
export function embedImage(variables: Variables, config: PriorConfig, image: tf.Tensor2D, from: number): tf.Tensor {
  const d = modelWidth(config);
  const rows = tf.reshape(variables["image.row"]!, [config.grid, 1, d]);
  const columns = tf.reshape(variables["image.column"]!, [1, config.grid, d]);
  const places = tf.reshape(tf.add(rows, columns), [config.grid ** 2, d]);
  const here = tf.slice(places, [from, 0], [image.shape[1], d]);
  return tf.add(tf.gather(variables["image.embedding"]!, image), here);
}

export interface KeysValues {
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
}

/** x (B, m, d); mask (m, P + m), where P states went before in past. */
export function layer(
  variables: Variables,
  config: PriorConfig,
  name: string,
  x: tf.Tensor,
  mask: tf.Tensor,
  past?: KeysValues
): {x: tf.Tensor} & KeysValues {
  const [batch = 0, length = 0, d = 0] = x.shape;
  const heads = (y: tf.Tensor) =>
    tf.transpose(tf.reshape(y, [batch, length, config.heads, config.headSize]), [0, 2, 1, 3]);
  const qkv = project(variables, `${name}.attention.qkv`, normalize(variables, `${name}.attention.norm`, x));
  const [q, newK, newV] = tf.split(qkv, 3, 2).map(heads) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const k = past ? tf.concat([past.k, newK], 2) : newK;
  const v = past ? tf.concat([past.v, newV], 2) : newV;
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(config.headSize));
  const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), v);
  const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, d]);
  const y = tf.add(x, project(variables, `${name}.attention.output`, joined));
  const inner = gelu(project(variables, `${name}.mlp.input`, normalize(variables, `${name}.mlp.norm`, y)));
  return {x: tf.add(y, project(variables, `${name}.mlp.output`, inner)), k, v};
}

export function project(variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const weight = variables[`${name}.weight`]!;
  const [from = 0, to = 0] = weight.shape;
  const y = tf.add(tf.matMul(tf.reshape(x, [-1, from]), weight), variables[`${name}.bias`]!);
  return tf.reshape(y, [...x.shape.slice(0, -1), to]);
}

export function normalize(variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const {mean, variance} = tf.moments(x, -1, true);
  const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, variables[`${name}.gain`]!), variables[`${name}.bias`]!);
}

function gelu(x: tf.Tensor): tf.Tensor {
  const cube = tf.mul(x, tf.square(x));
  const u = tf.mul(tf.add(x, tf.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(u), 1));
}
