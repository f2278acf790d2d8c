// Stored runs with one setting changed: the paper's claim, the curves over three seeds, and what was measured.

import {select} from "../../charts/controls/select.js";
import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {choiceSetting, pageSettings} from "../../notebook/settings.js";
import {type Ablation, type AblationFile, type AblationMetric, ablations} from "../../training/ablations.js";
import type {Summary} from "../../training/statistics.js";
import {figure} from "../figure.js";
import {meanCurve, runsOf, summaryOf, verdictOf} from "./ablationSummary.js";

const metrics: readonly {readonly metric: AblationMetric; readonly label: string; readonly log?: boolean}[] = [
  {metric: "hardError", label: "error of hard codes", log: true},
  {metric: "softError", label: "error of soft codes", log: true},
  {metric: "perplexity", label: "codes in use"},
  {metric: "elbTrue", label: "true bound"},
  {metric: "gap", label: "relaxed − true bound"}
];
const kinds = ["means-codes", "means-encoder", "means-decoder", "means-image"];

export function ablationFigure(file: AblationFile): HTMLElement {
  const settings = pageSettings({
    ablation: choiceSetting(
      "tau",
      ablations.map(({name}) => name)
    ),
    // Unless another is asked for, what the claim is about.
    measure: choiceSetting<AblationMetric | "claimed">("claimed", ["claimed", ...metrics.map(({metric}) => metric)])
  });
  const claimed = (name: string) => ablations.find((one) => one.name === name)!.compared.metric;
  const {ablation, measure: asked} = settings.values;
  const which = select({
    label: "what is changed",
    value: ablation,
    choices: ablations.map(({name, label}) => ({value: name, label}))
  });
  const measure = select<AblationMetric>({
    label: "measured",
    value: asked === "claimed" ? claimed(ablation) : asked,
    choices: metrics.map(({metric, label}) => ({value: metric, label}))
  });
  const claim = element("p", {class: "ablation-claim"});
  const verdict = element("p", {class: "ablation-verdict", role: "status"});
  const plotPlace = element("div");
  const body = element("tbody");
  const heads = ["", ...metrics.map(({label}) => label), "runs"];
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", {scope: "col"}, head)))),
    body
  );
  const seeds = new Set(file.runs.map(({seed}) => seed)).size;
  const node = figure(
    {kind: "ablation-figure", label: "Stored runs with one setting changed"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "control-bar"}, which, measure, element("span", {class: "stored"}, "stored results")),
      claim,
      plotPlace,
      element("div", {class: "terms-table"}, table),
      verdict,
      element("p", {class: "message", role: "status"}, settings.problems.join(" "))
    ),
    element(
      "figcaption",
      {},
      file.runs.length === 0
        ? "No runs are stored yet: scripts/ablations.ts makes them."
        : `XS, ${file.updates} updates a run, seeds: ${seeds}. In the table the mean at the end, and after ± the standard deviation over seeds. Errors are squared, of pixels in [0, 1]; bounds in nats a sub-pixel, on held-back images. Made by ${file.command}.`
    )
  );

  function show(): void {
    const ablation: Ablation = ablations.find(({name}) => name === which.value)!;
    const {label, log = false} = metrics.find(({metric}) => metric === measure.value)!;
    const chart = curve([], {title: label, height: 230, log, totalSteps: file.updates});
    const found = ablation.settings.map((setting) => ({setting, runs: runsOf(file, setting.config)}));
    chart.update(
      found
        .filter(({runs}) => runs.length > 0)
        .map(({setting, runs}, i) => ({
          name: short(setting.label),
          ...meanCurve(runs, measure.value),
          kind: kinds[i % kinds.length]!,
          dashed: i % 2 === 1
        }))
    );
    plotPlace.replaceChildren(chart);
    claim.textContent = `The paper: ${ablation.claim}`;
    body.replaceChildren(
      ...found.map(({setting, runs}) => {
        const diverged = runs.filter(({divergedAt}) => divergedAt !== undefined).length;
        const cells = metrics.map(({metric}) => element("td", {}, written(summaryOf(runs, metric))));
        const count = diverged === 0 ? String(runs.length) : `${runs.length}, ${diverged} diverged`;
        return element("tr", {}, element("th", {scope: "row"}, setting.label), ...cells, element("td", {}, count));
      })
    );
    verdict.textContent = `Here: ${sentenceOf(file, ablation)}`;
  }
  which.addEventListener("input", () => {
    measure.value = claimed(which.value);
    settings.set({ablation: which.value, measure: "claimed"});
    show();
  });
  measure.addEventListener("input", () => {
    settings.set({measure: measure.value === claimed(which.value) ? "claimed" : measure.value});
    show();
  });
  show();
  return node;
}

/** "1/16 (the paper)" is "1/16" beside a curve. */
function short(label: string): string {
  return label.replace(/\s*\(.*\)$/, "").slice(0, 16);
}

function written(summary: Summary | null): string {
  if (summary === null) return "–";
  return summary.count === 1
    ? formatNumber(summary.mean)
    : `${formatNumber(summary.mean)} ± ${formatNumber(Number(summary.sd.toPrecision(2)))}`;
}

/** The claim's own comparison in numbers, and what follows; two sentences for a claim about two numbers. */
export function sentenceOf(file: AblationFile, ablation: Ablation): string {
  const {metric, also} = ablation.compared;
  const measured = also === undefined ? [metric] : [metric, also];
  return measured.map((one) => comparisonOf(file, ablation, one)).join(" And ");
}

function comparisonOf(file: AblationFile, ablation: Ablation, metric: AblationMetric): string {
  const {better, worse} = ablation.compared;
  const {label} = metrics.find((one) => one.metric === metric)!;
  const parts = [better, worse].map((place) => {
    const setting = ablation.settings[place]!;
    const runs = runsOf(file, setting.config);
    const summary = summaryOf(runs, metric);
    const diverged = runs.filter(({divergedAt}) => divergedAt !== undefined).length;
    const lost = diverged > 0 ? ` (${diverged} of ${runs.length} diverged)` : "";
    return `${written(summary)} with “${setting.label}”${lost}`;
  });
  const verdict = verdictOf(file, ablation, metric);
  const ends: Record<typeof verdict, string> = {
    holds: "the claim holds at this size.",
    "does not hold": "at this size and length it is the other way round.",
    undecided: "the difference is within what the seeds do.",
    "not measured": "not measured yet."
  };
  const {about} = ablation.compared;
  if (about === "mass") return `${label} ${parts.join(", ")}: this does not test the claim, which is about mass.`;
  if (about === "divergence" && verdict === "undecided") {
    return `${label} ${parts.join(", ")}: no more runs diverged one way than the other, so the claim is not tested here.`;
  }
  return `${label} ${parts.join(", ")}: ${ends[verdict]}`;
}
