// The prior's layers in mixed precision: each branch of a layer is a resblock of scaledBlock.ts. Embeddings, the last norm,
// unembeddings and logits stay in float32, as in the paper's appendix D; so do gains and biases.

import {type BlockPrecision, scaledBlock} from "../nn/scaledBlock.js";
import {attention, gelu, type Params, reshape, split, type Tensor, transpose} from "../tensor/index.js";
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
  return (params, {heads, headSize}, name, x, mask) => {
    const [batch = 0, length = 0, width = 0] = x.shape;
    const block = (part: string, input: Tensor, branch: Parameters<typeof scaledBlock>[3]) =>
      scaledBlock(input, paramsOf(params, `${name}.${part}.`), precisions.get(`${name}.${part}`)!, branch);

    const attended = block("attention", x, (h, p, store) => {
      const normal = store(normalize(p, `${name}.attention.norm`, h));
      const qkv = store(project(p, `${name}.attention.qkv`, normal)); // (B, L, 3d)
      const byHead = (t: Tensor) => transpose(reshape(t, [batch, length, heads, headSize]), [0, 2, 1, 3]);
      const [q, k, v] = split(qkv, 3, 2).map(byHead) as [Tensor, Tensor, Tensor];
      const mixed = transpose(store(attention(q, k, v, mask.bias)), [0, 2, 1, 3]);
      return project(p, `${name}.attention.output`, reshape(mixed, [batch, length, width]));
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
