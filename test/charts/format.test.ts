import {expect, test} from "vitest";
import {formatCount, formatDuration, formatNumber, formatPercent} from "../../components/charts/format.js";

test("formatNumber(value) keeps three digits and writes a true minus", () => {
  expect([0, 1, 0.5, 12.345, 999.6, 12345, -0.25].map(formatNumber)).toEqual([
    "0",
    "1",
    "0.5",
    "12.3",
    "1,000",
    "12,345",
    "−0.25"
  ]);
});

test("formatNumber(value) writes small numbers with a power of ten", () => {
  expect(formatNumber(0.00012)).toBe("1.2·10⁻⁴");
  expect(formatNumber(3e-5)).toBe("3·10⁻⁵");
  expect(formatNumber(9.996e-6)).toBe("1·10⁻⁵");
});

test("formatNumber(value) names what is no number", () => {
  expect(formatNumber(Number.NaN)).toBe("not a number");
  expect(formatNumber(-Infinity)).toBe("−∞");
});

test("formatPercent(p)", () => {
  expect([0, 0.0004, 0.012, 0.0996, 0.5, 1].map(formatPercent)).toEqual([
    "0 %",
    "< 0.1 %",
    "1.2 %",
    "10 %",
    "50 %",
    "100 %"
  ]);
});

test("formatDuration(seconds)", () => {
  expect([8, 125, 3840, Infinity].map(formatDuration)).toEqual(["8 s", "2 min 5 s", "1 h 4 min", "–"]);
});

test("formatCount(n) sets thousands apart", () => expect(formatCount(12000)).toBe("12,000"));
