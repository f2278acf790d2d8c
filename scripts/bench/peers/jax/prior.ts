// The transformer in jax-js.

import {nn, numpy as np, tree} from "@jax-js/jax";
import {imageLength, type PriorConfig} from "../../../../components/models/priorConfig.js";
import type {PriorInputs} from "../../inputs.js";
import type {Workload} from "../../peer.js";
import {type Arrays, arrayOf, arraysOf, training} from "./training.js";

export function priorWorkload(inputs: PriorInputs): Workload {
  const {config, hyper, text} = inputs;
  const t = config.textLength;
  const n = imageLength(config);
  const targets = {shape: text.shape, data: text.data.map((id) => Math.min(id, config.textVocabulary - 1))};
  const data = {
    text: arrayOf(text),
    targets: arrayOf(targets),
    weight: arrayOf(inputs.textWeight),
    image: arrayOf(inputs.image),
    ...masksOf(inputs)
  };
  return training(arraysOf(inputs.weights), data, inputs, (params, d) => {
    const h = states(params, config, d, d.text!, d.image!.ref.slice([], [0, n - 1]));
    const textLogits = project(params, "output.text", h.ref.slice([], [0, t]));
    const imageLogits = project(params, "output.image", h.slice([], [t]));
    tree.dispose(params);
    const textLoss = nats(textLogits, d.targets!).mul(d.weight!).sum();
    const imageLoss = nats(imageLogits, d.image!).mean();
    return textLoss.mul(hyper.textWeight).add(imageLoss.mul(hyper.imageWeight));
  });
}

export function masksOf({masks}: Pick<PriorInputs, "masks">): Arrays {
  return Object.fromEntries(masks.map((mask, i) => [`mask${i + 1}`, arrayOf(mask)]));
}

/** −ln p of each target: logits (B, m, V), ids (B, m) → (B, m). */
function nats(logits: np.Array, ids: np.Array): np.Array {
  const chosen = nn.oneHot(ids, logits.shape.at(-1)!);
  return nn.logSoftmax(logits, -1).mul(chosen).sum(-1).neg();
}

/** Takes over text, image and the masks. */
export function states(params: Arrays, config: PriorConfig, masks: Arrays, text: np.Array, image: np.Array): np.Array {
  let x = np.concatenate([embedText(params, text), embedImage(params, image, places(params, config))], 1);
  for (let i = 1; i <= config.layers; ++i) x = layer(params, config, `layer${i}`, x, masks[`mask${i}`]!);
  return normalize(params, "output.norm", x);
}

export function embedText(params: Arrays, text: np.Array): np.Array {
  const [batch = 1] = text.shape;
  const tokens = np.take(params["text.embedding"]!.ref, text, 0).add(params["text.position"]!.ref);
  const start = params["text.start"]!.ref.reshape([1, 1, -1]);
  return np.concatenate([np.tile(start, [batch, 1, 1]), tokens], 1);
}

/** Row plus column of every place: (n, d). */
export function places(params: Arrays, {grid}: PriorConfig): np.Array {
  const rows = params["image.row"]!.ref.reshape([grid, 1, -1]);
  const columns = params["image.column"]!.ref.reshape([1, grid, -1]);
  return rows.add(columns).reshape([grid * grid, -1]);
}

/** at: the places of the image's tokens, or of more after them. */
export function embedImage(params: Arrays, image: np.Array, at: np.Array): np.Array {
  const m = image.shape[1]!;
  return np.take(params["image.embedding"]!.ref, image, 0).add(at.slice([0, m]));
}

/** keep: takes over this layer's new keys, then its values, and gives those to look at: by default no others. */
export function layer(
  params: Arrays,
  {heads, headSize}: PriorConfig,
  name: string,
  x: np.Array,
  mask: np.Array,
  keep: (kind: "k" | "v", fresh: np.Array) => np.Array = (_, fresh) => fresh
): np.Array {
  const [batch = 1, length = 1, d = 1] = x.shape;
  const qkv = project(params, `${name}.attention.qkv`, normalize(params, `${name}.attention.norm`, x.ref));
  const split = (y: np.Array) => y.reshape([batch, length, heads, headSize]).transpose([0, 2, 1, 3]);
  const [q, newK, newV] = np.split(qkv, 3, -1).map(split) as [np.Array, np.Array, np.Array];
  const k = keep("k", newK);
  const v = keep("v", newV);
  const scores = np.matmul(q.mul(1 / Math.sqrt(headSize)), k.transpose([0, 1, 3, 2])).add(mask);
  const mixed = np.matmul(nn.softmax(scores, -1), v);
  const joined = mixed.transpose([0, 2, 1, 3]).reshape([batch, length, d]);
  const y = x.add(project(params, `${name}.attention.output`, joined));
  const inner = nn.gelu(project(params, `${name}.mlp.input`, normalize(params, `${name}.mlp.norm`, y.ref)));
  return y.add(project(params, `${name}.mlp.output`, inner));
}

export function project(params: Arrays, name: string, x: np.Array): np.Array {
  return np.matmul(x, params[`${name}.weight`]!.ref).add(params[`${name}.bias`]!.ref);
}

export function normalize(params: Arrays, name: string, x: np.Array): np.Array {
  return nn.standardize(x, -1, {epsilon: 1e-5}).mul(params[`${name}.gain`]!.ref).add(params[`${name}.bias`]!.ref);
}
