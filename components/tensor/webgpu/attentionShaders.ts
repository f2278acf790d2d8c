// The shaders of attention, for queries, keys and values side by side or apart. A workgroup takes a query of a head.
// Weights are stored [batch, heads, t, most]: where a mask says which keys a query sees, only those are worked on.
//
// p = softmax(scale · q·kᵀ + bias), y = p·v. With e = dy·vᵀ: ds = scale · p·(e − Σ p·e), dq = ds·k, and for a key the
// sums over the queries that see it: dk = dsᵀ·q, dv = pᵀ·dy.

import {largestOf, sumOf} from "./reduction.js";
import type {Shader} from "./shader.js";

/** How far a batch, a head and a row move in a buffer, and where it starts. */
export interface Place {
  readonly batch: number;
  readonly head: number;
  readonly row: number;
  readonly offset: number;
}

/** Queries, keys, values and results where they lie. */
export interface Layout {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly d: number;
  /** The length of a row of weights. */
  readonly most: number;
  readonly scale: number;
  readonly q: Place;
  readonly k: Place;
  /** Values lie as keys do, but for their start. */
  readonly v: number;
  readonly y: Place;
}

const places = ["q", "k", "y"] as const;
const steps = ["batch", "head", "row", "offset"] as const;
const counts = ["batch", "heads", "queries", "keys", "d", "most", "v"] as const;

const uniforms: Record<string, "f32" | "i32"> = {
  ...Object.fromEntries(counts.map((name) => [name, "i32"])),
  ...Object.fromEntries(places.flatMap((place) => steps.map((step) => [`${place}_${step}`, "i32"]))),
  scale: "f32"
};
export const numbersOf = (layout: Layout): number[] => [
  ...counts.map((name) => layout[name]),
  ...places.flatMap((place) => steps.map((step) => layout[place][step])),
  layout.scale
];

/** Which keys a query sees: all, all with something added to the scores, or those that a mask lists. */
type Seen = "all" | "biased" | "listed";

const LANES = 32; // as many as a head has channels, or nearly
/** Of a workgroup: batch b, head h, query t; where they start; and how many keys it sees. */
const query = (seen: Seen) => `
  if (group >= u.batch * u.heads * u.queries) { return; }
  let t = group % u.queries;
  let h = group / u.queries % u.heads;
  let b = group / u.queries / u.heads;
  let atQ = u.q_offset + b * u.q_batch + h * u.q_head + t * u.q_row;
  let atK = u.k_offset + b * u.k_batch + h * u.k_head;
  let atV = atK - u.k_offset + u.v;
  let atY = u.y_offset + b * u.y_batch + h * u.y_head + t * u.y_row;
  let atP = group * u.most;
  let count = ${seen === "listed" ? "seen[t * (u.most + 1)]" : "u.keys"};`;
/** The j-th key that query t sees. */
const keyOf = (seen: Seen) => (seen === "listed" ? "seen[t * (u.most + 1) + 1 + j]" : "j");

const weights = (seen: Seen): Shader => ({
  name: `attention, ${seen}`,
  inputs: {
    ...{q: "f32", k: "f32", v: "f32"},
    ...(seen === "listed" ? {seen: "i32"} : {}),
    ...(seen === "biased" ? {bias: "f32"} : {})
  },
  outputs: ["p", "y"],
  uniforms:
    seen === "biased" ? {...uniforms, bias_batch: "i32", bias_head: "i32", bias_row: "i32", bias_key: "i32"} : uniforms,
  lanes: LANES,
  shared: largestOf + sumOf,
  main: `${query(seen)}
    var largest = -3.4e38;
    for (var j = lane; j < count; j += LANES) {
      let key = ${keyOf(seen)};
      var score = 0.0;
      for (var c = 0; c < u.d; c++) { score += q[atQ + c] * k[atK + key * u.k_row + c]; }
      score *= u.scale;
      ${seen === "biased" ? "score += bias[b * u.bias_batch + h * u.bias_head + t * u.bias_row + key * u.bias_key];" : ""}
      p[atP + j] = score;
      largest = max(largest, score);
    }
    largest = largestOf(largest, lane);
    var total = 0.0;
    for (var j = lane; j < count; j += LANES) {
      let weight = exp(p[atP + j] - largest);
      p[atP + j] = weight;
      total += weight;
    }
    let share = 1.0 / sumOf(total, lane);
    for (var j = lane; j < count; j += LANES) { p[atP + j] *= share; }
    storageBarrier();
    for (var c = lane; c < u.d; c += LANES) {
      var found = 0.0;
      for (var j = 0; j < count; j++) { found += p[atP + j] * v[atV + ${keyOf(seen)} * u.k_row + c]; }
      y[atY + c] = found;
    }`
});

const ofQueries = (seen: Exclude<Seen, "biased">): Shader => ({
  name: `attention's gradient of scores and queries, ${seen}`,
  inputs: {dy: "f32", k: "f32", v: "f32", p: "f32", ...(seen === "listed" ? {seen: "i32"} : {})},
  outputs: ["ds", "dq"],
  uniforms,
  lanes: LANES,
  shared: sumOf,
  main: `${query(seen)}
    var mean = 0.0;
    for (var j = lane; j < count; j += LANES) {
      let key = ${keyOf(seen)};
      var e = 0.0;
      for (var c = 0; c < u.d; c++) { e += dy[atY + c] * v[atV + key * u.k_row + c]; }
      ds[atP + j] = e;
      mean += p[atP + j] * e;
    }
    mean = sumOf(mean, lane);
    for (var j = lane; j < count; j += LANES) { ds[atP + j] = u.scale * p[atP + j] * (ds[atP + j] - mean); }
    storageBarrier();
    for (var c = lane; c < u.d; c += LANES) {
      var total = 0.0;
      for (var j = 0; j < count; j++) { total += ds[atP + j] * k[atK + ${keyOf(seen)} * u.k_row + c]; }
      dq[atQ + c] = total;
    }`
});

/** Invocations of a workgroup of ofKeys. */
export const FLAT = 64;

/**
 * An invocation takes a channel of a key of a head. shared: the gradients of keys and values lie in one buffer, at the
 * places that those of queries leave.
 */
const ofKeys = (seen: Exclude<Seen, "biased">, shared: boolean): Shader => ({
  name: `attention's gradient of keys and values, ${seen}${shared ? ", side by side" : ""}`,
  inputs: {dy: "f32", q: "f32", p: "f32", ds: "f32", ...(seen === "listed" ? {seenBy: "i32"} : {})},
  outputs: shared ? ["dk"] : ["dk", "dv"],
  uniforms: seen === "listed" ? {...uniforms, width: "i32"} : uniforms,
  lanes: FLAT,
  main: `
    let c = index % u.d;
    let h = index / u.d % u.heads;
    let key = index / u.d / u.heads % u.keys;
    let b = index / u.d / u.heads / u.keys;
    if (b >= u.batch) { return; }
    let atQ = u.q_offset + b * u.q_batch + h * u.q_head + c;
    let atY = u.y_offset + b * u.y_batch + h * u.y_head + c;
    let atP = (b * u.heads + h) * u.queries * u.most;
    let count = ${seen === "listed" ? "seenBy[key * u.width]" : "u.queries"};
    var ofKey = 0.0;
    var ofValue = 0.0;
    for (var i = 0; i < count; i++) {
      let t = ${seen === "listed" ? "seenBy[key * u.width + 1 + 2 * i]" : "i"};
      let j = ${seen === "listed" ? "seenBy[key * u.width + 2 + 2 * i]" : "key"};
      let at = atP + t * u.most + j;
      ofKey += ds[at] * q[atQ + t * u.q_row];
      ofValue += p[at] * dy[atY + t * u.y_row];
    }
    let spot = b * u.k_batch + h * u.k_head + key * u.k_row + c;
    dk[u.k_offset + spot] = ofKey;
    ${shared ? "dk" : "dv"}[u.v + spot] = ofValue;`
});

export const forwards = {all: weights("all"), biased: weights("biased"), listed: weights("listed")};
export const queriesBackwards = {all: ofQueries("all"), listed: ofQueries("listed")};
export const keysBackwards = {all: ofKeys("all", true), listed: ofKeys("listed", true), apart: ofKeys("all", false)};
