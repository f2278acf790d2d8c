// Self-attention straight from queries, keys and values side by side. With a mask the scores are as many as the most
// keys that a query sees, not as all keys: place j of query i is the j-th key that it sees.

import type {Tensor} from "@tensorflow/tfjs-core";
import type {AttentionMask} from "../attentionMask.js";
import type {DifferentiableOp} from "../fast.js";
import {run, type Shader} from "./program.js";

/** Matrix m of the scores belongs to image m / heads and head m % heads. `most` places are in a row of scores. */
const SIZES = ["int heads", "int d", "int most", "float scale"] as const;

/** The key at a place of a query, or −1. */
const keyAt = (masked: boolean) =>
  masked
    ? `int keyAt(int query, int place) {
         if (query >= keysPlace[0] || place >= int(keysAt(0, query, 0) + 0.5)) return -1;
         return int(keysAt(0, query, 1 + place) + 0.5);
       }`
    : "int keyAt(int query, int place) { return place < most ? place : -1; }";

/** Two numbers of a row from any column on. */
const pairOf = (x: string) => `
  vec2 ${x}Pair(int m, int r, int c) {
    if ((c & 1) == 1) return vec2(${x}At(m, r, c), ${x}At(m, r, c + 1));
    vec4 v = ${x}Block(m, r & ~1, c);
    return (r & 1) == 0 ? v.xy : v.zw;
  }`;

/** Σ over the d numbers of a head of x's row from column c on times y's. */
const dot = (x: string, y: string) => `
  float dot${x}${y}(int m, int r, int c, int r2, int c2) {
    float sum = 0.0;
    for (int k = 0; k + 1 < d; k += 2) sum += dot(${x}Pair(m, r, c + k), ${y}Pair(m, r2, c2 + k));
    if ((d & 1) == 1) sum += ${x}At(m, r, c + d - 1) * ${y}At(m, r2, c2 + d - 1);
    return sum;
  }`;

/** s = scale · q·k; far below all others where there is no key. */
const scoresOf = (masked: boolean): Shader => ({
  inputs: masked ? ["qkv", "keys"] : ["qkv"],
  uniforms: SIZES,
  source: `${keyAt(masked)} ${pairOf("qkv")} ${dot("qkv", "qkv")}
    float one(int m, int query, int place) {
      int key = keyAt(query, place), image = m / heads, head = m % heads;
      return key < 0 ? -1e30 : scale * dotqkvqkv(image, query, head * d, key, (heads + head) * d);
    }
    vec4 block(int m, int r, int c) { return vec4(one(m, r, c), one(m, r, c + 1), one(m, r + 1, c), one(m, r + 1, c + 1)); }`
});

/** Of each query's scores the largest, and 1 / Σ exp(s − largest). */
const statistics: Shader = {
  inputs: ["scores"],
  uniforms: ["int most"],
  source: `
    vec4 block(int m, int r, int c) {
      vec2 largest = vec2(-1e30), sum = vec2(0.0);
      for (int k = 0; k < most; k += 2) {
        vec4 s = scoresBlock(m, r, k);
        largest = max(largest, k + 1 == most ? s.xz : max(s.xz, s.yw));
      }
      for (int k = 0; k < most; k += 2) {
        vec4 e = exp(scoresBlock(m, r, k) - largest.xxyy);
        sum += k + 1 == most ? e.xz : e.xz + e.yw;
      }
      return vec4(largest.x, 1.0 / sum.x, largest.y, 1.0 / sum.y);
    }`
};

/** p = exp(s − largest) / Σ exp(s − largest); `of` is what `statistics` says of the query. */
const WEIGHT = `
  vec2 statisticsOf(int m, int query) {
    vec4 of = statisticsBlock(m, query & ~1, 0);
    return (query & 1) == 0 ? of.xy : of.zw;
  }
  float weight(int m, int query, int place, vec2 of) { return exp(scoresAt(m, query, place) - of.x) * of.y; }`;

/** y = Σ p · v over the places; two channels that lie side by side may belong to two heads. */
const found = (masked: boolean): Shader => ({
  inputs: masked ? ["qkv", "scores", "statistics", "keys"] : ["qkv", "scores", "statistics"],
  uniforms: SIZES,
  source: `${keyAt(masked)} ${pairOf("qkv")} ${WEIGHT}
    vec2 two(int image, int query, int c) {
      vec2 sum = vec2(0.0);
      int first = image * heads + c / d, second = image * heads + (c + 1) / d;
      vec2 of = statisticsOf(first, query), ofSecond = statisticsOf(second, query);
      for (int place = 0; place < most; place++) {
        int key = keyAt(query, place);
        if (key < 0) break;
        vec2 p = vec2(weight(first, query, place, of));
        if (second != first) p.y = weight(second, query, place, ofSecond);
        sum += p * qkvPair(image, key, 2 * heads * d + c);
      }
      return sum;
    }
    vec4 block(int image, int r, int c) { return vec4(two(image, r, c), two(image, r + 1, c)); }`
});

/** Side by side ds = scale · p · (dy·v − dy·y), where dy·y is the mean of dy·v by the weights, and p. */
const ofScores = (masked: boolean): Shader => ({
  inputs: masked ? ["dy", "y", "qkv", "scores", "statistics", "keys"] : ["dy", "y", "qkv", "scores", "statistics"],
  uniforms: SIZES,
  source: `${keyAt(masked)} ${["dy", "y", "qkv"].map(pairOf).join("")} ${WEIGHT} ${dot("dy", "y")} ${dot("dy", "qkv")}
    vec2 one(int m, int query, int place) {
      int key = keyAt(query, place), image = m / heads, head = m % heads, from = head * d;
      if (key < 0) return vec2(0.0);
      float along = dotdyqkv(image, query, from, key, (2 * heads + head) * d) - dotdyy(image, query, from, query, from);
      float p = weight(m, query, place, statisticsOf(m, query));
      return vec2(scale * p * along, p);
    }
    vec4 block(int m, int r, int c) { return vec4(one(m, r, c >> 1), one(m, r + 1, c >> 1)); }`
});

/** dq = Σ ds · k over the places of a query; dk = Σ ds · q and dv = Σ p · dy over the queries that see a key. */
const ofInput = (masked: boolean): Shader => ({
  inputs: [...(masked ? ["keys", "queries"] : []), "dy", "qkv", "ds"],
  uniforms: SIZES,
  source: `${keyAt(masked)} ${["dy", "qkv"].map(pairOf).join("")}
    ivec2 seenBy(int key, int n) { // the n-th query that sees a key, and the key's place there
      ${
        masked
          ? `if (key >= queriesPlace[0] || n >= int(queriesAt(0, key, 0) + 0.5)) return ivec2(-1);
             return ivec2(queriesAt(0, key, 1 + 2 * n) + 0.5, queriesAt(0, key, 2 + 2 * n) + 0.5);`
          : "return n < qkvPlace[0] ? ivec2(n, key) : ivec2(-1);"
      }
    }
    vec2 two(int image, int row, int c) {
      int width = heads * d, part = c / width, head = (c - part * width) / d, m = image * heads + head;
      vec2 sum = vec2(0.0);
      if (part == 0) {
        for (int place = 0; place < most; place++) {
          int key = keyAt(row, place);
          if (key < 0) break;
          sum += dsAt(m, row, 2 * place) * qkvPair(image, key, c + width);
        }
        return sum;
      }
      for (int n = 0; n < qkvPlace[0]; n++) {
        ivec2 at = seenBy(row, n);
        if (at.x < 0) break;
        sum += part == 1 ? dsAt(m, at.x, 2 * at.y) * qkvPair(image, at.x, c - width)
          : dsAt(m, at.x, 2 * at.y + 1) * dyPair(image, at.x, c - 2 * width);
      }
      return sum;
    }
    vec2 row(int image, int r, int c) {
      if (r >= qkvPlace[0]) return vec2(0.0);
      // Two columns of one head take one walk.
      return c / d == (c + 1) / d ? two(image, r, c) : vec2(two(image, r, c).x, two(image, r, c + 1).x);
    }
    vec4 block(int image, int r, int c) { return vec4(row(image, r, c), row(image, r + 1, c)); }`
});

const shaders = [false, true].map((masked) => ({
  scores: scoresOf(masked),
  found: found(masked),
  ofScores: ofScores(masked),
  ofInput: ofInput(masked)
})) as [Shaders, Shaders];
type Shaders = Record<"scores" | "found" | "ofScores" | "ofInput", Shader>;

interface Attributes {
  readonly heads: number;
  readonly mask: AttentionMask | null;
}

/** The values of SIZES. */
function sizes(qkv: Tensor, {heads, mask}: Attributes): [heads: number, d: number, most: number, scale: number] {
  const [, t, width] = qkv.shape as [number, number, number];
  const d = width / 3 / heads;
  return [heads, d, mask ? mask.keys.shape[1]! - 1 : t, 1 / Math.sqrt(d)];
}

export const selfAttention: DifferentiableOp<Attributes> = {
  forward([qkv], _, attributes) {
    const [batch, t] = qkv!.shape as [number, number, number];
    const {heads, mask} = attributes;
    const size = sizes(qkv!, attributes);
    const [, d, most] = size;
    const {scores, found} = shaders[mask ? 1 : 0];
    const keys = mask ? [mask.keys] : [];
    const s = run(scores, [qkv!, ...keys], [batch, heads, t, most], size);
    const rows = run(statistics, [s], [batch, heads, t, 2], [most]);
    const output = run(found, [qkv!, s, rows, ...keys], [batch, t, heads * d], size);
    return {output, saved: [qkv!, s, rows, output]};
  },
  backward(dy, [qkv, s, rows, output], attributes) {
    const [batch, t] = qkv!.shape as [number, number, number];
    const {heads, mask} = attributes;
    const size = sizes(qkv!, attributes);
    const {ofScores, ofInput} = shaders[mask ? 1 : 0];
    const ds = run(
      ofScores,
      [dy, output!, qkv!, s!, rows!, ...(mask ? [mask.keys] : [])],
      [batch, heads, t, 2 * size[2]],
      size
    );
    const tables = mask ? [mask.keys, mask.queries] : [];
    return [run(ofInput, [...tables, dy, qkv!, ds], qkv!.shape, size)];
  }
};
