// What the chapter's figures on precision have in common.

import type {Choice} from "../../charts/controls/select.js";
import type {RangeRow} from "../../charts/rangeRows.js";
import {type FloatFormat, type FormatName, floatFormats, sharesOf} from "../../training/floatFormat.js";
import type {ProbeResult} from "../../training/protocol.js";

/** Histograms of the activation gradients of each resblock, by powers of two. */
export interface Census {
  readonly blocks: readonly string[];
  readonly step: number;
  readonly seed: number;
  /** log₂ of the first bin's lower end. */
  readonly first: number;
  /** A row for each block. */
  readonly counts: readonly (readonly number[])[];
  /** Root mean square of what enters each block. */
  readonly norms: readonly number[];
}

export function censusRow({counts, first}: Census, block: number): {counts: readonly number[]; first: number} {
  return {counts: counts[block]!, first};
}

/** A row of the chart: the block's gradients × 2^shift, and what becomes of them; of no format, nothing. */
export function rowOf(census: Census, block: number, shift: number, format: FloatFormat | null, tail = ""): RangeRow {
  const {counts, first} = censusRow(census, block);
  const name = census.blocks[block]!;
  const row = {name, shortName: name.replace("attention", "att."), counts, first, shift};
  if (format === null) return {...row, note: ""};
  const {zero, infinite} = sharesOf(counts, first, shift, format);
  if (infinite > 0) return {...row, note: "overflow", shortNote: "∞", mark: "overflow"};
  const lost = `${(100 * zero).toFixed(0)} %`;
  return {
    ...row,
    note: `${lost}${tail === "" ? " lost" : tail}`,
    shortNote: lost,
    mark: zero >= 0.5 ? "lost" : undefined
  };
}

/** The probe "gradients" as a census. */
export function censusOf(probe: ProbeResult, blocks: readonly string[], step: number, seed: number): Census {
  const bins = probe.counts!.shape[1]!;
  const all = Array.from(probe.counts!.data);
  return {
    blocks,
    step,
    seed,
    first: probe.first!.data[0]!,
    counts: blocks.map((_, i) => all.slice(i * bins, (i + 1) * bins)),
    norms: Array.from(probe.norms!.data)
  };
}

export const formatNames = Object.keys(floatFormats) as FormatName[];

const words: Readonly<Record<FormatName, string>> = {
  fp16: "fp16 (1-5-10)",
  bf16: "bf16 (1-8-7)",
  "1-6-9": "1-6-9",
  "1-4-11": "1-4-11 (ours)",
  "1-3-12": "1-3-12 (ours)",
  "1-2-3": "1-2-3 (ours)"
};

export const formatChoices: readonly Choice<FormatName>[] = formatNames.map((value) => ({value, label: words[value]}));

/** Of log₂ s. */
export const scaleRange = {min: -16, max: 24} as const;

export const scaleTicks = [
  {value: -12, label: "2⁻¹²"},
  {value: 0, label: "1"},
  {value: 13, label: "2¹³"},
  {value: 24, label: "2²⁴"}
];

const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 2 to this power, as text. */
export function power(exponent: number): string {
  const rounded = Math.round(exponent * 10) / 10;
  if (!Number.isInteger(rounded)) return `2^${rounded.toFixed(1).replace("-", "−")}`;
  return `2${raised(rounded)}`;
}

/** A whole number as an exponent. */
export function raised(exponent: number): string {
  const text = Array.from(String(Math.abs(exponent)), (digit) => digits[Number(digit)]!).join("");
  return `${exponent < 0 ? "⁻" : ""}${text}`;
}
