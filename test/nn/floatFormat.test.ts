import {describe, expect, test} from "vitest";
import {
  bitsOf,
  exponentOf,
  type FloatFormat,
  type FormatName,
  fateOf,
  floatFormats,
  roundTo
} from "../../components/nn/floatFormat.js";

/** Every finite number ≥ 0 of a format, in order, made from its bits rather than by rounding. */
function allOf({exponentBits, significandBits}: FloatFormat): number[] {
  const bias = 2 ** (exponentBits - 1) - 1;
  const count = 2 ** significandBits;
  const exponents = Array.from({length: 2 ** exponentBits - 1}, (_, e) => e);
  return exponents.flatMap((e) =>
    Array.from({length: count}, (_, f) => (e === 0 ? (f / count) * 2 ** (1 - bias) : (1 + f / count) * 2 ** (e - bias)))
  );
}

const small: readonly FormatName[] = ["fp16", "1-6-9", "1-4-11", "1-3-12", "1-2-3"];

describe.each(small)("%s", (name) => {
  const format: FloatFormat = floatFormats[name];
  const all = allOf(format);

  test("its ends are those of its bits", () => {
    expect(format.largest).toBe(all.at(-1));
    expect(format.smallestSubnormal).toBe(all[1]);
    expect(format.smallestNormal).toBe(all[2 ** format.significandBits]);
  });

  test("a number of the format stays; one between two goes to the nearer, halfway to the even one", () => {
    for (let i = 1; i + 1 < all.length; i += name === "1-2-3" ? 1 : 37) {
      const [here, next] = [all[i]!, all[i + 1]!];
      expect(roundTo(format, here)).toBe(here);
      expect(roundTo(format, -here)).toBe(-here);
      expect(roundTo(format, here + 0.49 * (next - here))).toBe(here);
      expect(roundTo(format, here + 0.51 * (next - here))).toBe(next);
      expect(roundTo(format, here + 0.5 * (next - here))).toBe(i % 2 === 0 ? here : next);
    }
  });

  test("beyond the ends", () => {
    const {largest, smallestSubnormal} = format;
    const step = largest - all.at(-2)!;
    expect(roundTo(format, largest + 0.49 * step)).toBe(largest);
    expect(roundTo(format, largest + 0.5 * step)).toBe(Number.POSITIVE_INFINITY);
    expect(roundTo(format, -largest - step)).toBe(Number.NEGATIVE_INFINITY);
    expect(roundTo(format, smallestSubnormal / 2)).toBe(0);
    expect(roundTo(format, smallestSubnormal * 0.51)).toBe(smallestSubnormal);
  });

  test("its bits are those that it is made of", () => {
    const {significandBits, exponentBits} = format;
    for (let i = 0; i < all.length; i += 11) {
      const {sign, exponent, significand} = bitsOf(format, all[i]!);
      expect(sign).toBe("0");
      expect(exponent).toHaveLength(exponentBits);
      expect(significand).toHaveLength(significandBits);
      expect(Number.parseInt(exponent + significand, 2)).toBe(i);
    }
  });
});

test("fp16 as IEEE 754 has it", () => {
  expect(floatFormats.fp16).toMatchObject({largest: 65504, smallestNormal: 2 ** -14, smallestSubnormal: 2 ** -24});
  expect(bitsOf(floatFormats.fp16, -1.5)).toEqual({sign: "1", exponent: "01111", significand: "1000000000"});
  expect(bitsOf(floatFormats.fp16, 1e6)).toEqual({sign: "0", exponent: "11111", significand: "0000000000"});
});

test("bf16 has float32's exponents and no subnormal numbers", () => {
  const format: FloatFormat = floatFormats.bf16;
  expect(format.smallestNormal).toBe(2 ** -126);
  expect(roundTo(format, 2 ** -126)).toBe(2 ** -126);
  expect(roundTo(format, 0.999 * 2 ** -126)).toBe(0);
  expect(roundTo(format, 1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
  expect(roundTo(format, 3e38)).toBeLessThan(format.largest);
  expect(roundTo(format, 3.4e38)).toBe(Number.POSITIVE_INFINITY);
});

test("fates", () => {
  const fates = [1, 2 ** -14, 2 ** -15, 2 ** -24, 2 ** -25, 65504, 65519, 65520, 0, Number.NaN];
  expect(fates.map((x) => fateOf(floatFormats.fp16, x))).toEqual([
    ...["normal", "normal", "subnormal", "subnormal", "zero", "normal", "normal", "infinite", "normal", "infinite"]
  ]);
});

test("exponents beside powers of two", () => {
  for (let e = -140; e <= 127; ++e) {
    expect(exponentOf(2 ** e)).toBe(e);
    expect(exponentOf(2 ** e * (1 - 2 ** -53))).toBe(e - 1);
    expect(exponentOf(-(2 ** e) * (1 + 2 ** -52))).toBe(e);
  }
});
