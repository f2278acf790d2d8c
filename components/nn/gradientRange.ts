// What becomes of many numbers in a format, when only their histogram by powers of two is known. Plain numbers.

import {type FloatFormat, hasSubnormals} from "./floatFormat.js";

/** Where a format begins and ends, as log₂ |x|: below `zero` is 0, below `normal` subnormal, from `infinite` on ∞. */
export interface Edges {
  readonly zero: number;
  readonly normal: number;
  readonly infinite: number;
}

export function edgesOf(format: FloatFormat): Edges {
  const {smallestNormal, smallestSubnormal, largest} = format;
  return {
    // What is more than half of the smallest number is rounded up to it.
    zero: Math.log2(smallestSubnormal) - (hasSubnormals(format) ? 1 : 0),
    normal: Math.log2(smallestNormal),
    infinite: Math.ceil(Math.log2(largest))
  };
}

/** Shares of the numbers that are not 0. */
export interface Shares {
  readonly zero: number;
  readonly subnormal: number;
  readonly normal: number;
  readonly infinite: number;
}

/** Bin i of the counts has log₂ |x| from first + i to first + i + 1; all numbers are multiplied by 2^shift. */
export function sharesOf(counts: ArrayLike<number>, first: number, shift: number, format: FloatFormat): Shares {
  const {zero, normal, infinite} = edgesOf(format);
  let total = 0;
  const below = [0, 0, 0]; // zero, normal, infinite
  for (let i = 0; i < counts.length; ++i) {
    total += counts[i]!;
    [zero, normal, infinite].forEach((edge, k) => {
      below[k]! += counts[i]! * Math.min(Math.max(edge - (first + i + shift), 0), 1);
    });
  }
  const [a, b, c] = below.map((n) => n / Math.max(total, 1)) as [number, number, number];
  return {zero: a, subnormal: b - a, normal: c - b, infinite: 1 - c};
}

/** log₂ of the largest power of two by which the numbers can be multiplied without an overflow. */
export function largestShift(counts: ArrayLike<number>, first: number, format: FloatFormat): number {
  let top = counts.length - 1;
  while (top > 0 && counts[top] === 0) top -= 1;
  return edgesOf(format).infinite - (first + top + 1);
}
