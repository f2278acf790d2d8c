import {describe, expect, test} from "vitest";
import {halfCosine, quarterCosine, warmupCosine, warmupHalvings} from "../../components/tensor/schedules.js";

describe("schedules", () => {
  test("halfCosine(from, to, over) reads the paper's τ as 1 → .53 → 1/16", () => {
    const tau = halfCosine(1, 1 / 16, 150_000);
    expect(tau(0)).toBe(1);
    expect(tau(75_000)).toBeCloseTo(0.53125, 10);
    expect(tau(150_000)).toBeCloseTo(1 / 16, 12);
    expect(tau(400_000)).toBeCloseTo(1 / 16, 12);
  });

  test("quarterCosine(from, to, over) reads it as 1 → .73 → 1/16", () => {
    const tau = quarterCosine(1, 1 / 16, 150_000);
    expect(tau(0)).toBe(1);
    expect(tau(75_000)).toBeCloseTo(0.7254, 4);
    expect(tau(150_000)).toBeCloseTo(1 / 16, 12);
  });

  test("halfCosine(0, 6.6, 5000) is the paper's ramp of β", () => {
    const beta = halfCosine(0, 6.6, 5000);
    expect([beta(0), beta(2500), beta(5000), beta(9999)].map((x) => Number(x.toFixed(9)))).toEqual([0, 3.3, 6.6, 6.6]);
  });

  test("warmupCosine(peak, to, warmup, total) rises linearly, then falls", () => {
    const rate = warmupCosine(1e-2, 1e-5, 50, 1050);
    expect(rate(0)).toBeCloseTo(1e-2 / 50, 12);
    expect(rate(24)).toBeCloseTo(5e-3, 12);
    expect(rate(49)).toBeCloseTo(1e-2, 12);
    expect(rate(50)).toBeCloseTo(1e-2, 12);
    expect(rate(550)).toBeCloseTo((1e-2 + 1e-5) / 2, 9);
    expect(rate(1050)).toBeCloseTo(1e-5, 12);
    expect(rate(5000)).toBeCloseTo(1e-5, 12);
  });

  test("warmupHalvings(peak, halvings, warmup, total) halves five times in the second half", () => {
    const rate = warmupHalvings(4.5e-4, 5, 10, 1200);
    expect(rate(0)).toBeCloseTo(4.5e-5, 12);
    expect([10, 600, 699].map(rate)).toEqual([4.5e-4, 4.5e-4, 4.5e-4]);
    expect([700, 800, 900, 1000, 1100, 1200, 9999].map((step) => 4.5e-4 / rate(step))).toEqual([
      2, 4, 8, 16, 32, 32, 32
    ]);
  });
});
