// One weight matrix's gradient in the run above: its singular values, and what is left of it at a rank.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatNumber, formatPercent} from "../../charts/format.js";
import {lines} from "../../charts/lines.js";
import {rankedBars} from "../../charts/rankedBars.js";
import {signedMatrix} from "../../charts/signedMatrix.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import {mostRank} from "../../training/distributed/config.js";
import type {Matrix} from "../../training/distributed/matrices.js";
import type {ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {approximate, bestKept, corrected, singularValues} from "./gradient.js";
import type {ParallelFigure} from "./trainingFigure.js";

const kinds = ["fixed", "warm"] as const;
const parts = ["attention.qkv", "attention.output", "mlp.input", "mlp.output"] as const;
const partNames: Readonly<Record<(typeof parts)[number], string>> = {
  "attention.qkv": "queries, keys, values",
  "attention.output": "attention, output",
  "mlp.input": "MLP, input",
  "mlp.output": "MLP, output"
};
const blocks = ["1", "2", "3", "4"] as const;
/** Looked at again after so many steps of the run. */
const every = 20;

export function spectrumFigure(engine: FigureEngine, {run, onRun}: ParallelFigure): HTMLElement {
  const settings = pageSettings({
    grank: numberSetting(24, {min: 1, max: mostRank, integer: true}),
    gq: choiceSetting<(typeof kinds)[number]>("fixed", kinds),
    gblock: choiceSetting<(typeof blocks)[number]>("2", blocks),
    gpart: choiceSetting<(typeof parts)[number]>("mlp.input", parts)
  });
  const {values: set} = settings;
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const block = select({label: "block", value: set.gblock, choices: blocks.map((value) => ({value, label: value}))});
  const part = select({
    label: "matrix",
    value: set.gpart,
    choices: parts.map((value) => ({value, label: partNames[value]}))
  });
  const start = select({
    label: "Q",
    value: set.gq,
    choices: [
      {value: "fixed", label: "random"},
      {value: "warm", label: "after 4 warm starts on it"}
    ]
  });
  const rank = slider({
    symbol: "r",
    label: "rank",
    min: 1,
    max: mostRank,
    step: 1,
    value: set.grank,
    ticks: [1, 24, {value: mostRank, label: `${mostRank}: full`}]
  });
  const spectrum = lines(
    {lines: []},
    {
      title: "singular values, the largest = 1",
      across: "number of the singular value",
      format: (power) => formatNumber(10 ** power),
      formatX: (i) => String(Math.round(i))
    }
  );
  const kept = rankedBars({title: "", rows: []});
  const maps = {
    whole: signedMatrix("M = G + E: the gradient, with the errors so far"),
    approximation: signedMatrix("Ĝ: what is stepped by"),
    remainder: signedMatrix("M − Ĝ: kept for the next step")
  };
  const node = figure(
    {kind: "stack distributed-figure spectrum-figure", label: "A gradient’s singular values and its approximation"},
    element("div", {class: "figure-controls"}, block, part, start, rank),
    told,
    element("div", {class: "figure-columns"}, spectrum, kept),
    element("div", {class: "signed-matrices"}, maps.whole, maps.approximation, maps.remainder),
    element(
      "figcaption",
      {},
      "Of the run above as it stands, on its next batch. Two colours for the two signs; all three maps have one scale, whose shades grow as the root. Energy is the sum of all squares."
    )
  );

  let found: {name: string; step: number; m: Matrix; values: number[]} | null = null;
  let asking = false;
  const nameOf = () => `layer${block.value}.${part.value}.weight`;

  async function look(): Promise<void> {
    const {id, status} = run;
    if (id === null || asking) return;
    asking = true;
    const name = nameOf();
    try {
      const {gradient, error}: ProbeResult = await engine.probe(id, "gradient", {matrix: name});
      const m = corrected(gradient!, error);
      found = {name, step: status.step, m, values: singularValues(m)};
      draw();
    } catch (error) {
      told.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      asking = false;
    }
    if (nameOf() !== name) await look();
  }
  function draw(): void {
    if (found === null) return;
    const {m, values, step, name} = found;
    const r = Math.min(rank.value, m.rows, m.columns);
    const {approximation, remainder, kept: share} = approximate(m, r, start.value, run.seed);
    const largest = Math.max(values[0] ?? 1, 1e-30);
    const shown = values.filter((value) => value > 1e-7 * largest);
    spectrum.update({
      lines: [
        {
          name: "σ",
          x: shown.map((_, i) => i + 1),
          y: shown.map((value) => Math.log10(value / largest)),
          kind: "means-prior"
        }
      ],
      at: r
    });
    const best = bestKept(values, r);
    kept.update({
      title: `Energy kept at rank ${r}`,
      rows: [
        {name: "the best there is", value: best, text: formatPercent(best)},
        {
          name: start.value === "warm" ? "warm start" : "random Q",
          value: share,
          text: formatPercent(share),
          marked: true
        }
      ]
    });
    const scale = Math.max(...m.data.map(Math.abs), 1e-30);
    const note = (matrix: Matrix) =>
      `${matrix.rows} × ${matrix.columns}, up to ${formatNumber(Math.max(...matrix.data.map(Math.abs)))}`;
    for (const [key, one] of [
      ["whole", m],
      ["approximation", approximation],
      ["remainder", remainder]
    ] as const) {
      maps[key].update({matrix: {shape: [one.rows, one.columns], data: one.data}, scale, note: note(one)});
    }
    told.textContent = `${partNames[part.value]} of block ${block.value} at step ${step}: ${((m.rows + m.columns) * r).toLocaleString("en-GB")} numbers are sent in place of ${(m.rows * m.columns).toLocaleString("en-GB")}. ${name === nameOf() ? "" : "Looking …"}`;
  }
  onRun(() => {
    const {step} = run.status;
    if (found === null || step < found.step || step >= found.step + every) void look();
  });
  rank.addEventListener("input", () => {
    settings.set({grank: rank.value});
    draw();
  });
  start.addEventListener("input", () => {
    settings.set({gq: start.value});
    draw();
  });
  for (const control of [block, part]) {
    control.addEventListener("input", () => {
      settings.set({gblock: block.value, gpart: part.value});
      void look();
    });
  }
  void nearScreen(node).then(async () => {
    await run.open();
    await look();
  });
  return node;
}
