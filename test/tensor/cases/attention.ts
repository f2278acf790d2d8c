import {maskGroups} from "../../../components/nn/maskGroups.js";
import {attends, maskBias} from "../../../components/nn/masks.js";
import * as t from "../../../components/tensor/index.js";
import * as r from "../../reference/array64.js";
import {array64} from "../../reference/array64.js";
import * as nn from "../../reference/nn64.js";
import {type Case, integers, normal} from "./case.js";

const causal = (n: number): number[] => Array.from({length: n * n}, (_, i) => (i % n > Math.floor(i / n) ? -1e9 : 0));
const heads = {q: normal("q", [2, 2, 4, 3]), k: normal("k", [2, 2, 4, 3]), v: normal("v", [2, 2, 4, 3])};
export const attentionCases: readonly Case[] = [
  {
    name: "attention without a mask",
    inputs: heads,
    f: ({q, k, v}) => t.attention(q!, k!, v!, null),
    reference: ({q, k, v}) => nn.attention(q!, k!, v!, null)
  },
  {
    name: "attention, causal",
    inputs: {...heads, bias: {shape: [4, 4], values: causal(4)}},
    f: ({q, k, v, bias}) => t.attention(q!, k!, v!, bias!),
    reference: ({q, k, v, bias}) => nn.attention(q!, k!, v!, bias!),
    differentiate: ["q", "k", "v"]
  },
  {
    name: "attention of many channels",
    inputs: {
      q: normal("wide q", [1, 1, 2, 35]),
      k: normal("wide k", [1, 1, 3, 35]),
      v: normal("wide v", [1, 1, 3, 35])
    },
    f: ({q, k, v}) => t.attention(q!, k!, v!, null),
    reference: ({q, k, v}) => nn.attention(q!, k!, v!, null)
  },
  {
    name: "attention, a mask a head",
    inputs: {...heads, bias: {shape: [1, 2, 4, 4], values: [...causal(4), ...Array(16).fill(0)]}},
    f: ({q, k, v, bias}) => t.attention(q!, k!, v!, bias!),
    reference: ({q, k, v, bias}) => nn.attention(q!, k!, v!, bias!),
    differentiate: ["q", "k", "v"]
  },
  {
    name: "attention of one query to cached keys, a mask an image",
    inputs: {
      q: normal("q1", [2, 2, 1, 3]),
      k: heads.k,
      v: heads.v,
      bias: {shape: [2, 1, 1, 4], values: [0, 0, -1e9, -1e9, 0, 0, 0, -1e9]}
    },
    f: ({q, k, v, bias}) => t.attention(q!, k!, v!, bias!),
    reference: ({q, k, v, bias}) => nn.attention(q!, k!, v!, bias!),
    differentiate: ["q", "k", "v"]
  },
  ...(
    [
      ["row", 2, 13, 5],
      ["column", 2, 13, 5],
      ["convolution", 2, 13, 5],
      ["dense", 2, 13, 5],
      ["dense", 1, 40, 2]
    ] as const
  ).map(([pattern, count, length, d]): Case => {
    const [text, width, kernel] = [3, 4, 3] as const; // three words, then rows of four, the last cut off
    const mask = new t.AttentionMask(
      length,
      (q, k) => attends(pattern, q, k, text, width, kernel),
      maskGroups(pattern, length, text, width, kernel)
    );
    const bias = array64([length, length], maskBias(pattern, length, text, width, kernel));
    return {
      name: `selfAttention, ${pattern} mask of ${length}`,
      inputs: {qkv: normal(`qkv ${pattern}`, [count, length, 3 * 2 * d])},
      f: ({qkv}) => t.selfAttention(qkv!, 2, mask),
      reference: ({qkv}) => nn.selfAttention(qkv!, 2, bias),
      dispose: () => mask.dispose()
    };
  }),
  {
    name: "selfAttention without a mask",
    inputs: {qkv: normal("qkv", [2, 5, 3 * 2 * 4])},
    f: ({qkv}) => t.selfAttention(qkv!, 2, null),
    reference: ({qkv}) => nn.selfAttention(qkv!, 2, null)
  },
  {
    name: "selfAttention, a mask an image",
    inputs: {
      qkv: normal("qkv", [2, 4, 3 * 2 * 4]),
      bias: {shape: [2, 1, 4, 4], values: [...causal(4), ...Array(16).fill(0)]}
    },
    f: ({qkv, bias}) => t.selfAttention(qkv!, 2, bias!),
    reference: ({qkv, bias}) => nn.selfAttention(qkv!, 2, bias!),
    differentiate: ["qkv"]
  },
  {
    name: "embedding, ids repeated",
    inputs: {table: normal("table", [5, 3]), ids: integers([2, 3], [4, 1, 1, 0, 4, 1])},
    f: ({table, ids}) => t.embedding(table!, ids!),
    reference: ({table, ids}) => r.gather(table!, ids!, 0)
  }
];
