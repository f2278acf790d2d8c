// Drawing in jax-js. A compiled function has fixed shapes, so the cache has its full length from the start: a new state's
// keys and values are written at its place, and what lies behind is masked.

import {jit, numpy as np, tree} from "@jax-js/jax";
import {imageLength} from "../../../../components/models/priorConfig.js";
import {codesAt, drawEach, meanCode} from "../../drawing.js";
import type {DrawInputs} from "../../inputs.js";
import type {Workload} from "../../peer.js";
import {embedImage, embedText, layer, masksOf, normalize, places, project, states} from "./prior.js";
import {type Arrays, arrayOf, arraysOf} from "./training.js";

export function drawing(inputs: DrawInputs, cached: boolean): Workload {
  const params = arraysOf(inputs.weights);
  const {draw, data} = cached ? drawCached(inputs, params) : drawAnew(inputs, params);
  return {
    run: async () => meanCode(await draw()),
    dispose: () => tree.dispose([params, data])
  };
}

interface Drawing {
  draw(): Promise<Int32Array>;
  /** What is kept between two runs. */
  readonly data: Arrays;
}

function drawAnew(inputs: DrawInputs, params: Arrays): Drawing {
  const {config, candidates} = inputs;
  const n = imageLength(config);
  const data = {...masksOf(inputs), text: captions(inputs)};
  const logits = jit((params: Arrays, data: Arrays, image: np.Array, state: np.Array) => {
    const h = states(params, config, data, data.text!, image);
    const out = project(params, "output.image", np.take(h, state, 1));
    tree.dispose(params);
    return out;
  });
  return {
    data,
    draw: () =>
      drawEach(inputs, (position, codes) => {
        const known = codes.filter((_, i) => i % n < n - 1);
        const image = arrayOf({shape: [candidates, n - 1], data: known});
        const state = arrayOf({shape: [1], data: Int32Array.of(config.textLength + position)});
        return floats(logits(tree.ref(params), tree.ref(data), image, state));
      })
  };
}

function drawCached(inputs: DrawInputs, params: Arrays): Drawing {
  const {config, candidates, masks} = inputs;
  const n = imageLength(config);
  const text = 1 + config.textLength;
  const length = text + n - 1;
  const layers = masks.map((_, i) => `layer${i + 1}`);

  const logitsOf = (params: Arrays, h: np.Array): np.Array => {
    const out = project(params, "output.image", normalize(params, "output.norm", h));
    tree.dispose(params);
    return out;
  };

  /** From the caption: the first logits, and the cache. */
  const begin = jit((params: Arrays, masks: Arrays, caption: np.Array) => {
    let x = embedText(params, caption);
    const cache: Arrays = {};
    const keep = (name: string) => (kind: "k" | "v", fresh: np.Array) => {
      cache[name + kind] = np.pad(fresh.ref, [
        [0, 0],
        [0, 0],
        [0, length - text],
        [0, 0]
      ]);
      return fresh;
    };
    for (const [i, name] of layers.entries()) {
      const mask = masks[`mask${i + 1}`]!.slice([0, text], [0, text]);
      x = layer(params, config, name, x, mask, keep(name));
    }
    return [logitsOf(params, x.slice([], [text - 1, text])), cache] as [np.Array, Arrays];
  });

  /** From one code more. state (1): its number among the states. */
  const next = jit((params: Arrays, masks: Arrays, old: Arrays, codes: np.Array, state: np.Array) => {
    const here = np.arange(length).equal(state.ref).reshape([1, 1, length, 1]);
    let x = embedImage(params, codes, np.take(places(params, config), state.ref.sub(text), 0));
    const cache: Arrays = {};
    const keep = (name: string) => (kind: "k" | "v", fresh: np.Array) => {
      const all = np.where(here.ref, fresh, old[name + kind]!);
      cache[name + kind] = all.ref;
      return all;
    };
    for (const [i, name] of layers.entries()) {
      const mask = np.take(masks[`mask${i + 1}`]!, state.ref, 0);
      x = layer(params, config, name, x, mask, keep(name));
    }
    tree.dispose([here, state]);
    return [logitsOf(params, x), cache] as [np.Array, Arrays];
  });

  const data = masksOf(inputs);
  return {
    data,
    async draw() {
      let [logits, cache] = begin(tree.ref(params), tree.ref(data), captions(inputs));
      const codes = await drawEach(inputs, (position, drawn) => {
        if (position > 0) {
          const last = arrayOf({shape: [candidates, 1], data: codesAt(drawn, candidates, position - 1)});
          const state = arrayOf({shape: [1], data: Int32Array.of(text + position - 1)});
          [logits, cache] = next(tree.ref(params), tree.ref(data), cache, last, state);
        }
        return floats(logits);
      });
      tree.dispose(cache);
      return codes;
    }
  };
}

function captions({text, candidates}: DrawInputs): np.Array {
  const data = Int32Array.from({length: candidates * text.length}, (_, i) => text[i % text.length]!);
  return arrayOf({shape: [candidates, text.length], data});
}

async function floats(x: np.Array): Promise<Float32Array> {
  return (await x.data()) as Float32Array;
}
