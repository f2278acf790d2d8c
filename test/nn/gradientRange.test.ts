import {describe, expect, test} from "vitest";
import {type FloatFormat, fateOf, floatFormats} from "../../components/nn/floatFormat.js";
import {edgesOf, largestShift, sharesOf} from "../../components/nn/gradientRange.js";
import {stream} from "../../data/random.js";

describe.each(Object.values(floatFormats) as FloatFormat[])("$name", (format) => {
  const random = stream(5, "gradientRange", format.name);
  const {zero, infinite} = edgesOf(format);
  const values = Array.from({length: 4000}, () => 2 ** (zero - 6 + (infinite - zero + 12) * random.uniform()));
  const first = Math.floor(zero) - 7;
  const counts = new Float64Array(infinite - first + 8);
  for (const v of values) counts[Math.floor(Math.log2(v)) - first]! += 1;

  test.each([0, 3, -5])("shares from the histogram are those of the numbers, × 2^%d", (shift) => {
    const shares = sharesOf(counts, first, shift, format);
    for (const fate of ["zero", "subnormal", "normal", "infinite"] as const) {
      const counted = values.filter((v) => fateOf(format, v * 2 ** shift) === fate).length / values.length;
      // The last half step before a power of two is rounded up to it; by powers of two that cannot be seen.
      expect(Math.abs(shares[fate] - counted)).toBeLessThan(0.01);
    }
  });

  test("the largest shift overflows nowhere, one more does", () => {
    const shift = largestShift(counts, first, format);
    expect(sharesOf(counts, first, shift, format).infinite).toBe(0);
    expect(sharesOf(counts, first, shift + 1, format).infinite).toBeGreaterThan(0);
  });
});
