import * as tf from "@tensorflow/tfjs-core";
import {imageLength} from "../../../../components/models/priorConfig.js";
import {codesAt, drawEach, meanCode} from "../../drawing.js";
import type {DrawInputs} from "../../inputs.js";
import type {Workload} from "../../peer.js";
import {embedImage, embedText, type KeysValues, layer, normalize, project, states} from "./prior.js";
import {tensorOf, type Variables, variablesOf} from "./training.js";

export function drawing(inputs: DrawInputs, cached: boolean): Workload {
  const variables = variablesOf(inputs.weights);
  const masks = inputs.masks.map(tensorOf);
  const draw = cached ? drawCached : drawAnew;
  return {
    run: async () => meanCode(await draw(inputs, variables, masks)),
    dispose: () => tf.dispose([variables, masks])
  };
}

async function drawAnew(inputs: DrawInputs, variables: Variables, masks: tf.Tensor[]): Promise<Int32Array> {
  const {config, candidates} = inputs;
  const n = imageLength(config);
  const text = captions(inputs);
  const codes = await drawEach(inputs, (position, drawn) =>
    readOnce(() => {
      const image = tf.slice(tf.tensor2d(drawn, [candidates, n], "int32"), [0, 0], [candidates, n - 1]);
      const h = states(variables, config, masks, text, image);
      return project(variables, "output.image", tf.slice(h, [0, config.textLength + position, 0], [candidates, 1, -1]));
    })
  );
  text.dispose();
  return codes;
}

async function drawCached(inputs: DrawInputs, variables: Variables, masks: tf.Tensor[]): Promise<Int32Array> {
  const {config, candidates} = inputs;
  let cache: KeysValues[] = [];
  let read = 0;
  const codes = await drawEach(inputs, (position, drawn) =>
    readOnce(() => {
      const old = cache;
      let x =
        position === 0
          ? embedText(variables, captions(inputs))
          : embedImage(
              variables,
              config,
              tf.tensor2d(codesAt(drawn, candidates, position - 1), [candidates, 1], "int32"),
              position - 1
            );
      const length = x.shape[1]!;
      cache = masks.map((mask, i) => {
        const rows = tf.slice(mask, [read, 0], [length, read + length]);
        const {k, v, ...out} = layer(variables, config, `layer${i + 1}`, x, rows, old[i]);
        x = out.x;
        return {k: tf.keep(k), v: tf.keep(v)};
      });
      for (const {k, v} of old) tf.dispose([k, v]);
      read += length;
      const last = normalize(variables, "output.norm", tf.slice(x, [0, length - 1, 0], [-1, 1, -1]));
      return project(variables, "output.image", last);
    })
  );
  for (const {k, v} of cache) tf.dispose([k, v]);
  return codes;
}

function captions({text, candidates}: DrawInputs): tf.Tensor2D {
  return tf.tile(tf.tensor2d(text, [1, text.length], "int32"), [candidates, 1]);
}

async function readOnce(logits: () => tf.Tensor): Promise<Float32Array> {
  const made = tf.tidy(logits);
  const values = await made.data<"float32">();
  made.dispose();
  return values;
}
