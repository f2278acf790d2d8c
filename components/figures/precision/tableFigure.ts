// What the stored runs came to, over their seeds.

import {element} from "../../charts/dom.js";
import {figure} from "../figure.js";
import {power} from "./shared.js";
import type {StoredPrecision, StoredRun} from "./stored.js";

/** Runs that differ in the seed alone. */
export interface Group {
  readonly format: string;
  readonly scale: string;
  readonly runs: readonly StoredRun[];
}

export function groupsOf({runs}: StoredPrecision): Group[] {
  const groups = new Map<string, {format: string; scale: string; runs: StoredRun[]}>();
  for (const run of runs) {
    const scale = scaleOf(run);
    const key = `${run.format} ${scale}`;
    const group = groups.get(key) ?? {format: run.format, scale, runs: []};
    groups.set(key, group);
    group.runs.push(run);
  }
  return [...groups.values()];
}

function scaleOf({scaling, initialScale}: StoredRun): string {
  const start = power(initialScale);
  if (scaling === "none") return "none";
  if (scaling === "fixed") return `one, ${start}`;
  return scaling === "global" ? `one, by the rule from ${start}` : `one for each resblock, from ${start}`;
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}

/** The scales that the rule came to, in powers of two. */
export function spreadOf(runs: readonly StoredRun[]): {low: number; high: number} {
  const all = runs.flatMap(({scales}) => scales);
  return {low: Math.min(...all), high: Math.max(...all)};
}

export function precisionTable(stored: StoredPrecision): HTMLElement {
  const groups = groupsOf(stored);
  const seeds = [...new Set(stored.runs.map(({seed}) => seed))];
  const head = ["format", "gradient scale", `loss, mean of ${seeds.length} seeds`, "from … to", "updates skipped"];
  const rows = groups.map(({format, scale, runs}) => {
    const losses = runs.map(({finalLoss}) => finalLoss);
    const skipped = mean(runs.map((run) => run.skipped));
    const cells = [
      scale,
      mean(losses).toFixed(3),
      `${Math.min(...losses).toFixed(3)} … ${Math.max(...losses).toFixed(3)}`,
      `${((100 * skipped) / stored.updates).toFixed(1)} %`
    ];
    return element("tr", {}, element("th", {scope: "row"}, format), ...cells.map((cell) => element("td", {}, cell)));
  });
  const table = element(
    "table",
    {class: "precision-table"},
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", {scope: "col"}, name)))),
    element("tbody", {}, ...rows)
  );
  return figure(
    {kind: "stack precision-figure", label: "Stored runs in mixed precision"},
    element("div", {class: "precision-scroll", tabindex: 0, role: "region", "aria-label": "Table of runs"}, table),
    element(
      "figcaption",
      {},
      `Runs of ${stored.updates} updates; the loss is the mean over the last 50. Made by scripts/precision.ts.`
    )
  );
}
