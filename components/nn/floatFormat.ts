// Floating-point formats as data, and what one number becomes in them. Plain numbers: no tensors.
//
// A format has a sign, e exponent bits and m significand bits ("1-e-m"). With bias b = 2^(e−1) − 1 its normal numbers are
// ±(1 + f/2^m) · 2^E for E from 1 − b to b; subnormal ones are ±f/2^m · 2^(1−b).

export interface FloatFormat {
  readonly name: string;
  readonly exponentBits: number;
  readonly significandBits: number;
  /** Largest finite number. */
  readonly largest: number;
  /** 2^(1−b). */
  readonly smallestNormal: number;
  /** 2^(1−b−m); the smallest normal number again where a format is taken without subnormal ones. */
  readonly smallestSubnormal: number;
}

function format(name: string, exponentBits: number, significandBits: number, subnormals = true): FloatFormat {
  const bias = 2 ** (exponentBits - 1) - 1;
  const smallestNormal = 2 ** (1 - bias);
  return {
    name,
    exponentBits,
    significandBits,
    largest: (2 - 2 ** -significandBits) * 2 ** bias,
    smallestNormal,
    smallestSubnormal: subnormals ? smallestNormal * 2 ** -significandBits : smallestNormal
  };
}

/**
 * fp16 is IEEE 754's binary16. bf16 has float32's exponents, and is computed here without subnormal numbers, since a GPU
 * flushes float32's own. The paper keeps Adam's means, and PowerSGD's matrices, in 1-6-9. 1-4-11, 1-3-12 and
 * 1-2-3 (of six bits) are not the paper's: their range is narrow.
 */
export const floatFormats = {
  fp16: format("fp16", 5, 10),
  bf16: format("bf16", 8, 7, false),
  "1-6-9": format("1-6-9", 6, 9),
  "1-4-11": format("1-4-11", 4, 11),
  "1-3-12": format("1-3-12", 3, 12),
  "1-2-3": format("1-2-3", 2, 3)
} as const satisfies Readonly<Record<string, FloatFormat>>;

export type FormatName = keyof typeof floatFormats;

export function hasSubnormals({smallestNormal, smallestSubnormal}: FloatFormat): boolean {
  return smallestSubnormal < smallestNormal;
}

/** ⌊log₂ |x|⌋ of a finite x ≠ 0, exactly. */
export function exponentOf(x: number): number {
  const a = Math.abs(x);
  let e = Math.floor(Math.log2(a)); // may be off by one beside a power of two
  if (2 ** e > a) e -= 1;
  else if (2 ** (e + 1) <= a) e += 1;
  return e;
}

/** The number of the format nearest to x, of two the one whose last bit is 0; ±∞ from half a step beyond the largest. */
export function roundTo(format: FloatFormat, x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const {largest, smallestNormal, significandBits} = format;
  if (Math.abs(x) < smallestNormal && !hasSubnormals(format)) return 0 * x;
  const step = Math.max(2 ** exponentOf(x), smallestNormal) * 2 ** -significandBits;
  const rounded = step * roundHalfEven(x / step);
  if (Math.abs(rounded) > largest) return x > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return rounded;
}

/** To the nearest integer, of two to the even one. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** What becomes of a number in a format. */
export type Fate = "zero" | "subnormal" | "normal" | "infinite";

/** A 0 stays what it is, and counts as normal. */
export function fateOf(format: FloatFormat, x: number): Fate {
  const rounded = roundTo(format, x);
  if (!Number.isFinite(rounded)) return "infinite";
  if (rounded === 0) return x === 0 ? "normal" : "zero";
  return Math.abs(rounded) < format.smallestNormal ? "subnormal" : "normal";
}

/** Sign, exponent and significand of a number of the format, as strings of bits; of NaN with a significand of ones. */
export function bitsOf(format: FloatFormat, x: number): {sign: string; exponent: string; significand: string} {
  const {exponentBits, significandBits, smallestNormal} = format;
  const value = roundTo(format, x);
  const binary = (n: number, length: number) => n.toString(2).padStart(length, "0");
  const sign = value < 0 || Object.is(value, -0) ? "1" : "0";
  if (!Number.isFinite(value)) {
    const rest = Number.isNaN(value) ? "1" : "0";
    return {sign, exponent: "1".repeat(exponentBits), significand: rest.repeat(significandBits)};
  }
  const a = Math.abs(value);
  const normal = a >= smallestNormal;
  const e = normal ? exponentOf(a) : exponentOf(smallestNormal);
  const f = (a / 2 ** e - (normal ? 1 : 0)) * 2 ** significandBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  return {sign, exponent: binary(normal ? e + bias : 0, exponentBits), significand: binary(f, significandBits)};
}
