// Stored runs of the listing's options and of batch sizes: what each does to what CLIP can do.

import {select} from "../../charts/controls/select.js";
import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {logCurve} from "../../charts/logCurve.js";
import {choiceSetting, pageSettings} from "../../notebook/settings.js";
import {type ClipOption, type ClipOptionFile, clipOptions} from "../../training/clipOptions.js";
import type {Summary} from "../../training/statistics.js";
import {figure} from "../figure.js";
import {differenceOf, meanCurve, runsOf, summaryOf} from "./optionSummary.js";
import {usualBatch} from "./options.js";

const metrics = ["heldAccuracy", "seenNamed", "unseenNamed"] as const;
type Metric = (typeof metrics)[number];
const labels: Readonly<Record<Metric, string>> = {
  heldAccuracy: "held-back pairs matched, of 64",
  seenNamed: "named, pairs seen",
  unseenNamed: "named, pairs never seen"
};
const isBatch = ({name}: ClipOption) => name.startsWith("batch");
const compared = clipOptions.filter((option) => !isBatch(option));

export function optionsFigure(file: ClipOptionFile): HTMLElement {
  const settings = pageSettings({
    option: choiceSetting(
      "filip",
      compared.map(({name}) => name)
    ),
    measure: choiceSetting<Metric>("heldAccuracy", metrics)
  });
  const which = select<string>({
    label: "beside the plain one",
    value: settings.values.option,
    choices: compared.filter(({name}) => name !== "plain").map(({name, label}) => ({value: name, label}))
  });
  const measure = select<Metric>({
    label: "measured",
    value: settings.values.measure,
    choices: metrics.map((metric) => ({value: metric, label: labels[metric]}))
  });
  const along = curve([], {title: "along the run, in %", height: 230, totalSteps: file.updates});
  const batches = logCurve(
    {series: []},
    {
      title: "by the size of the batch, in %",
      domain: [8, 128],
      ticks: [8, 16, 32, 64, 128].map((value) => ({value, label: String(value)})),
      axis: "pairs in a batch",
      height: 230
    }
  );
  const meaning = element("p", {class: "option-meaning", role: "status"});
  const body = element("tbody");
  const heads = ["", ...metrics.map((metric) => `${labels[metric]}, %`), "runs"];
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", {scope: "col"}, head)))),
    body
  );
  const seeds = new Set(file.runs.map(({seed}) => seed)).size;
  const node = figure(
    {kind: "stack clip-figure clip-options", label: "Stored runs by option and by size of the batch"},
    element("div", {class: "control-bar"}, which, measure, element("span", {class: "stored"}, "stored results")),
    meaning,
    element("div", {class: "figure-columns"}, along, batches),
    element("div", {class: "terms-table", tabindex: 0, role: "region", "aria-label": "All options"}, table),
    element("p", {class: "message", role: "status"}, settings.problems.join(" ")),
    element(
      "figcaption",
      {},
      file.runs.length === 0
        ? "No runs are stored yet: scripts/clip-options.ts makes them."
        : `XS, ${file.updates} updates a run, seeds: ${seeds}. Means at the end, and after ± the standard deviation over seeds; error bars are that too. ▲ and ▼ stand where the difference to the plain one is more than twice its standard error. Made by ${file.command}.`
    )
  );

  function show(): void {
    const option = clipOptions.find(({name}) => name === which.value)!;
    const metric = measure.value;
    const percent = (name: string) => {
      const {steps, values} = meanCurve(runsOf(file, name), metric);
      return {steps, values: values.map((v) => 100 * v)};
    };
    along.update([
      {name: option.label, ...percent(option.name), kind: "means-codes"},
      {name: "plain", ...percent("plain"), dashed: true}
    ]);
    const points = clipOptions
      .filter((one) => isBatch(one) || one.name === "plain")
      .map((one) => ({
        size: Number(one.config.batchSize ?? usualBatch),
        ends: summaryOf(runsOf(file, one.name), metric)
      }))
      .filter((one): one is {size: number; ends: Summary} => one.ends !== null)
      .sort((a, b) => a.size - b.size);
    batches.update({
      series: [
        {
          name: short[metric],
          xs: points.map(({size}) => size),
          values: points.map(({ends}) => 100 * ends.mean),
          errors: points.map(({ends}) => 100 * ends.sd),
          kind: "means-prior"
        }
      ]
    });
    meaning.textContent = `${option.meaning}${option.argument ? ` In the listing: ${option.argument}.` : ""}`;
    body.replaceChildren(...clipOptions.map((one) => rowOf(one, one.name === option.name)));
  }
  function rowOf({name, label}: ClipOption, marked: boolean): HTMLElement {
    const runs = runsOf(file, name);
    const cells = metrics.map((metric) => {
      const difference = name === "plain" ? null : differenceOf(file, name, metric);
      const sign = difference === null ? "" : difference > 0 ? " ▲" : " ▼";
      return element("td", {}, `${written(summaryOf(runs, metric))}${sign}`);
    });
    const head = element("th", {scope: "row"}, label);
    return element("tr", {class: marked ? "marked" : null}, head, ...cells, element("td", {}, String(runs.length)));
  }
  for (const control of [which, measure]) {
    control.addEventListener("input", () => {
      settings.set({option: which.value, measure: measure.value});
      show();
    });
  }
  show();
  return node;
}

const short: Readonly<Record<Metric, string>> = {
  heldAccuracy: "matched",
  seenNamed: "seen",
  unseenNamed: "never seen"
};

function written(summary: Summary | null): string {
  if (summary === null) return "–";
  const mean = (100 * summary.mean).toFixed(1);
  return summary.count === 1 ? mean : `${mean} ± ${(100 * summary.sd).toFixed(1)}`;
}
