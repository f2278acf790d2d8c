// Rounding to narrower formats, exactly as nn/floatFormat.ts rounds one number.

import {type FloatFormat, floatFormats, roundTo} from "../../../components/nn/floatFormat.js";
import * as t from "../../../components/tensor/index.js";
import {stream} from "../../../data/random.js";
import {array64} from "../../reference/array64.js";
import type {Case} from "./case.js";

/** Random numbers of all sizes, halfway cases, and the format's ends with what lies beside them. */
function numbers({name, largest, smallestNormal, smallestSubnormal, significandBits}: FloatFormat): number[] {
  const random = stream(2021, "rounding", name);
  const octaves = random.child("octaves").fillUniform(new Float32Array(300));
  const signed = random.child("signed").fillNormal(new Float32Array(300));
  const [low, high] = [Math.max(Math.log2(smallestSubnormal) - 3, -126), Math.min(Math.log2(largest) + 2, 126)];
  const spread = Array.from(signed, (v, i) => v * 2 ** Math.round(low + (high - low) * octaves[i]!));
  const step = 2 ** -significandBits;
  const halfway = [0.5, 1, 1.5, 2.5, 3.5, 6.5, 7.5].flatMap((k) => [
    ...[1, smallestNormal].map((one) => one * (1 + k * step)),
    k * smallestSubnormal,
    smallestNormal - k * smallestSubnormal
  ]);
  const top = largest * (1 + step / (2 - step) / 2); // half a step beyond the largest
  const ends = [
    0,
    largest,
    largest * 1.000001,
    top * 0.9999999,
    smallestNormal,
    smallestSubnormal,
    smallestSubnormal / 2
  ];
  const all = [...spread, ...halfway, ...ends, ...(top < 3e38 ? [top] : [])];
  return all.flatMap((v) => [Math.fround(v), Math.fround(-v)]).filter((v) => v === 0 || Math.abs(v) >= 2 ** -126);
}

const infinite = (x: number) => (Number.isFinite(x) ? 0 : 1);

const formats: Case[] = Object.values(floatFormats).flatMap((format: FloatFormat): Case[] => {
  const values = numbers(format);
  const expected = values.map((v) => roundTo(format, v));
  const x = {shape: [values.length], values};
  return [
    {
      name: `rounded to ${format.name}`,
      inputs: {x},
      f: ({x: v}) => t.finiteOrZero(t.roundedTo(v!, format)),
      reference: expected.map((v) => (infinite(v) ? 0 : v)),
      differentiate: [],
      tolerance: 0
    },
    {
      name: `beyond ${format.name}`,
      inputs: {x},
      f: ({x: v}) => t.nonFinite(t.roundedTo(v!, format)),
      reference: expected.map(infinite),
      differentiate: [],
      tolerance: 0
    }
  ];
});

const odd = [Number.POSITIVE_INFINITY, 1, Number.NaN, -2, Number.NEGATIVE_INFINITY, 0, 3e38];

export const roundingCases: readonly Case[] = [
  ...formats,
  {
    name: "finiteOrZero",
    inputs: {x: {shape: [7], values: odd}},
    f: ({x}) => t.finiteOrZero(x!),
    reference: () => array64([7], [0, 1, 0, -2, 0, 0, Math.fround(3e38)]),
    differentiate: [],
    tolerance: 0
  },
  {
    name: "nonFinite",
    inputs: {x: {shape: [7], values: odd}},
    f: ({x}) => t.nonFinite(x!),
    reference: [1, 0, 1, 0, 1, 0, 0],
    differentiate: [],
    tolerance: 0
  }
];
