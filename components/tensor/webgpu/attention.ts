// Attention in one dispatch forward and two backward, for queries, keys and values side by side or apart.

import type {Tensor} from "@tensorflow/tfjs-core";
import type {AttentionMask} from "../attentionMask.js";
import type {DifferentiableOp} from "../fast.js";
import {
  FLAT,
  forwards,
  keysBackwards,
  type Layout,
  numbersOf,
  type Place,
  queriesBackwards
} from "./attentionShaders.js";
import {make, run} from "./shader.js";

export const selfAttention: DifferentiableOp<{heads: number; mask: AttentionMask | null}> = {
  forward([qkv], _, {heads, mask}) {
    const layout = sideBySide(qkv!, heads, mask);
    const {batch, queries, most, d} = layout;
    const output = make([batch, queries, heads * d]);
    const p = make([batch, heads, queries, most]);
    const inputs = [qkv!, qkv!, qkv!, ...(mask ? [mask.keys] : [])];
    run(forwards[mask ? "listed" : "all"], inputs, [p, output], numbersOf(layout), batch * heads * queries);
    return {output, saved: [qkv!, p]};
  },
  backward(dy, [qkv, p], {heads, mask}) {
    const layout = sideBySide(qkv!, heads, mask);
    const {batch, queries, keys, d} = layout;
    const seen = mask ? "listed" : "all";
    const [dqkv, ds] = [make(qkv!.shape), make(p!.shape)];
    const inputs = [dy, qkv!, qkv!, p!, ...(mask ? [mask.keys] : [])];
    run(queriesBackwards[seen], inputs, [ds, dqkv], numbersOf(layout), batch * heads * queries);
    run(
      keysBackwards[seen],
      [dy, qkv!, p!, ds, ...(mask ? [mask.queries] : [])],
      [dqkv],
      [...numbersOf(layout), ...(mask ? [mask.queries.shape[1]!] : [])],
      Math.ceil((batch * heads * keys * d) / FLAT)
    );
    return [dqkv];
  }
};

function sideBySide(qkv: Tensor, heads: number, mask: AttentionMask | null): Layout {
  const [batch, t, width] = qkv.shape as [number, number, number];
  const inner = width / 3;
  const d = inner / heads;
  const q = {batch: t * width, head: d, row: width, offset: 0};
  const most = mask ? mask.keys.shape[1]! - 1 : t;
  const y = {batch: t * inner, head: d, row: inner, offset: 0};
  const scale = 1 / Math.sqrt(d);
  return {batch, heads, queries: t, keys: t, d, most, scale, q, k: {...q, offset: inner}, v: 2 * inner, y};
}

export const attention: DifferentiableOp<{scale: number}> = {
  forward([q, k, v], [bias], {scale}) {
    const layout = apart(q!, k!, scale);
    const {batch, heads, queries, keys} = layout;
    const output = make(q!.shape);
    const p = make([batch, heads, queries, keys]);
    const inputs = [q!, k!, v!, ...(bias ? [bias] : [])];
    const numbers = [...numbersOf(layout), ...(bias ? stridesOf(bias) : [])];
    run(forwards[bias ? "biased" : "all"], inputs, [p, output], numbers, batch * heads * queries);
    return {output, saved: [q!, k!, v!, p]};
  },
  backward(dy, [q, k, v, p], {scale}) {
    const layout = apart(q!, k!, scale);
    const {batch, heads, queries} = layout;
    const [dq, dk, dv, ds] = [make(q!.shape), make(k!.shape), make(v!.shape), make(p!.shape)];
    run(queriesBackwards.all, [dy, k!, v!, p!], [ds, dq], numbersOf(layout), batch * heads * queries);
    run(keysBackwards.apart, [dy, q!, p!, ds], [dk, dv], numbersOf(layout), Math.ceil(k!.size / FLAT));
    return [dq, dk, dv];
  }
};

function apart(q: Tensor, k: Tensor, scale: number): Layout {
  const [batch, heads, queries, d] = q.shape as [number, number, number, number];
  const keys = k.shape[2]!;
  const of = (rows: number): Place => ({batch: heads * rows * d, head: rows * d, row: d, offset: 0});
  return {batch, heads, queries, keys, d, most: keys, scale, q: of(queries), k: of(keys), v: 0, y: of(queries)};
}

/** How far a batch, a head, a query and a key move in a bias that broadcasts to [b, h, t, s]. */
function stridesOf({rank, shape}: Tensor): number[] {
  const whole = [...Array<number>(4 - rank).fill(1), ...shape];
  return whole.map((size, axis) => (size === 1 ? 0 : whole.slice(axis + 1).reduce((a, b) => a * b, 1)));
}
