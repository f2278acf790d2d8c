// The prior's layers in mixed precision: each branch of a layer is a resblock of scaledBlock.ts. Embeddings, the last norm,
// unembeddings and logits stay in float32, as in the paper's appendix D; so do gains and biases.

import {type BlockPrecision, scaledBlock} from "../nn/scaledBlock.js";
import {gelu, type Params, selfAttention, type Tensor} from "../tensor/index.js";
import {type LayerOf, layerName, normalize, project} from "./prior.js";
import type {PriorConfig} from "./priorConfig.js";

/** Resblocks in order: the attention of layer 1, its MLP, the attention of layer 2, … */
export function blockNames({layers}: Pick<PriorConfig, "layers">): string[] {
  return Array.from({length: layers}, (_, i) => layerName(i + 1)).flatMap((name) => [
    `${name}.attention`,
    `${name}.mlp`
  ]);
}

/** A layer for prior.ts whose resblocks have these precisions, in the order of blockNames. */
export function halfLayer(precisions: ReadonlyMap<string, BlockPrecision>): LayerOf {
  return (params, {heads}, name, x, mask) => {
    const block = (part: string, input: Tensor, branch: Parameters<typeof scaledBlock>[3]) =>
      scaledBlock(input, paramsOf(params, `${name}.${part}.`), precisions.get(`${name}.${part}`)!, branch);

    const attended = block("attention", x, (h, p, store) => {
      const normal = store(normalize(p, `${name}.attention.norm`, h));
      const qkv = store(project(p, `${name}.attention.qkv`, normal)); // (B, L, 3d)
      return project(p, `${name}.attention.output`, store(selfAttention(qkv, heads, mask)));
    });
    const x2 = block("mlp", attended, (h, p, store) => {
      const normal = store(normalize(p, `${name}.mlp.norm`, h));
      const wide = store(gelu(store(project(p, `${name}.mlp.input`, normal)))); // (B, L, 4d)
      return project(p, `${name}.mlp.output`, wide);
    });
    return x2;
  };
}

function paramsOf(params: Params, prefix: string): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith(prefix)));
}
