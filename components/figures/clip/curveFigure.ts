// The best of N against N: how often it is right, what a perfect ranker could reach, and the cosine that was asked for.

import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {type LogSeries, logCurve} from "../../charts/logCurve.js";
import {choiceSetting, pageSettings} from "../../notebook/settings.js";
import type {Interval, RerankFile, RerankRow, RerankRun} from "../../training/rerank.js";
import {figure} from "../figure.js";
import {readerRuns} from "./readerRuns.js";
import type {RerankFigure} from "./rerankFigure.js";

export const names = {iid: "pairs as in training", colourShape: "pairs never seen"} as const;
const most = 512;
const ticks = [1, 4, 16, 64, 512].map((value) => ({value, label: String(value)}));

export function rerankCurve(file: RerankFile, above: RerankFigure): HTMLElement {
  const keys = file.runs.map(keyOf);
  const settings = pageSettings({curve: choiceSetting(keys[0] ?? "xs-iid", keys)});
  const which = select<string>({
    label: "captions",
    value: settings.values.curve,
    choices: file.runs.map((run) => ({value: keyOf(run), label: `${run.size.toUpperCase()}: ${names[run.split]}`}))
  });
  const axis = {domain: [1, most], ticks, axis: "candidates N, of which the best is taken", height: 270} as const;
  const accuracy = logCurve({series: []}, {...axis, title: "all named is right, in %", least: 100});
  const cosine = logCurve({series: []}, {...axis, title: "cosine of the best", fitted: true});
  const said = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const own = readerRuns();
  const caption = element("figcaption", {}, "Nothing is stored yet: scripts/rerank.ts measures it.");
  const node = figure(
    {kind: "stack clip-figure rerank-curve", label: "The best of N against N"},
    element("div", {class: "control-bar"}, which, element("span", {class: "stored"}, "stored results")),
    element("div", {class: "figure-columns"}, accuracy, cosine),
    said,
    caption
  );
  function show(): void {
    const run = file.runs.find((one) => keyOf(one) === which.value);
    if (run === undefined) return;
    const points = own.points(run);
    const captions = Math.max(0, ...points.map((point) => point.captions));
    const yours = (value: (point: (typeof points)[number]) => number): LogSeries[] =>
      points.length === 0
        ? []
        : [{name: "yours", xs: points.map((p) => p.candidates), values: points.map(value), dashed: true}];
    accuracy.update({
      series: [
        line(run, "one is right", "possible", true, "means-text"),
        line(run, "the best", "best", false, "means-image"),
        line(run, "the worst", "worst", true, "means-decoder"),
        ...yours((p) => 100 * p.best)
      ]
    });
    cosine.update({
      series: [
        {
          name: "the best",
          xs: run.rows.map(({candidates}) => candidates),
          values: run.rows.map((row) => row.cosine),
          kind: "means-image"
        },
        ...yours((p) => p.cosine)
      ]
    });
    caption.textContent = `Bars: 95 % intervals over ${run.captions} captions. A smaller N takes all disjoint groups of the ${run.pool} candidates of each caption. Made by ${run.command}. “Yours” are captions of this kind that you drew above, at the same temperature.`;
    said.textContent = `${summaryOf(run)}${captions === 0 ? "" : ` Yours: ${captions} ${captions === 1 ? "caption" : "captions"}.`}`;
  }
  above.onCandidates((candidates, series) => {
    own.add(candidates, series);
    show();
  });
  which.addEventListener("input", () => {
    settings.set({curve: which.value});
    show();
  });
  show();
  return node;
}

export function keyOf({size, split}: RerankRun): string {
  return `${size}-${split}`;
}

function line(
  run: RerankRun,
  name: string,
  column: "best" | "possible" | "worst",
  dashed: boolean,
  kind: string
): LogSeries {
  const intervals = run.rows.map((row) => row[column]);
  return {
    name,
    xs: run.rows.map(({candidates}) => candidates),
    values: intervals.map(({percent}) => percent),
    errors: intervals.map(({low, high}) => (high - low) / 2),
    dashed,
    kind
  };
}

/** What the numbers say: from one candidate to N = 32 to the most, and what was possible. */
export function summaryOf(run: RerankRun): string {
  const [first, last] = [run.rows[0], run.rows[run.rows.length - 1]];
  const middle = rowAt(run, 32);
  if (first === undefined || last === undefined || middle === undefined) return "";
  const parts = [`One candidate is right in ${written(first.best)}`];
  if (middle.candidates > 1) parts.push(`the best of ${middle.candidates} in ${written(middle.best)}`);
  if (last !== middle) parts.push(`of ${last.candidates} in ${written(last.best)}`);
  const could = `Among ${last.candidates} a right one is there in ${written(last.possible)}`;
  return `${parts.join(", ")}. ${could}; the best must also be recognised.`;
}

/** The row with the largest N that is at most n. */
export function rowAt({rows}: RerankRun, n: number): RerankRow | undefined {
  return rows.filter(({candidates}) => candidates <= n).at(-1);
}

function written({percent, low, high}: Interval): string {
  return `${percent.toFixed(0)} % (${low.toFixed(0)}–${high.toFixed(0)})`;
}
