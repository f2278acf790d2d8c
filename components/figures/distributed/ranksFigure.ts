// The paper's table of ranks and compression rates, computed from its formula, and a row of the reader's own.

import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatCount, formatPercent} from "../../charts/format.js";
import {lines} from "../../charts/lines.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {paperDistributed, paperPrior} from "../../training/paper.js";
import {figure} from "../figure.js";
import {compressionRate, countedShare, type Ranked} from "./ranks.js";

const range = {rank: {min: 16, max: 4096}, width: {min: 96, max: 8192}, shards: {min: 1, max: 16}} as const;

export function ranksFigure(): HTMLElement {
  const settings = pageSettings({
    r: numberSetting(896, {...range.rank, integer: true}),
    d: numberSetting(3968, {...range.width, integer: true}),
    m: numberSetting(8, {...range.shards, integer: true})
  });
  const {values} = settings;
  const told = element("p", {class: "message problem", role: "status"}, settings.problems.join(" "));
  const whole = (options: {symbol: string; label: string; min: number; max: number; value: number; ticks: number[]}) =>
    slider({...options, scale: "log", step: 1, format: formatCount});
  const r = whole({symbol: "r", label: "rank", ...range.rank, value: values.r, ticks: [16, 112, 896, 4096]});
  const d = whole({symbol: "d", label: "width", ...range.width, value: values.d, ticks: [96, 1920, 8192]});
  const m = slider({
    symbol: "m",
    label: "cards that share a matrix",
    ...range.shards,
    step: 1,
    value: values.m,
    ticks: [1, 8, 16]
  });
  const body = element("tbody");
  const table = element(
    "table",
    {class: "ranks-table"},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["64 layers of 12 d²", "d", "r", "1 − r (m + 2) / (2 d m)", "counted", "the paper’s"].map((text) =>
          element("th", {scope: "col"}, text)
        )
      )
    ),
    body
  );
  const chart = lines(
    {lines: []},
    {title: "what need not be sent, by the rank", across: "rank r", format: formatPercent, formatX: formatCount}
  );
  const words = element("p", {class: "message", role: "status"});
  const node = figure(
    {kind: "stack distributed-figure ranks-figure", label: "Ranks and compression rates"},
    told,
    element("div", {class: "figure-controls"}, r, d, m),
    element("div", {class: "table-frame", tabindex: 0, role: "group", "aria-label": "Ranks and rates"}, table),
    chart,
    words,
    element(
      "figcaption",
      {},
      "“Counted” adds up the factors’ entries for the six matrices of a layer, cut into m parts with rank r / m each. The paper’s ranks are multiples of 128: the smallest that showed no gap in the training loss over the first tenth of training."
    )
  );
  const own = (): Ranked => ({rank: r.value, width: d.value, shards: m.value});
  function draw(): void {
    const {layers} = paperPrior;
    const rows = [
      ...paperDistributed.ranks.map(({width, rank, rate, parameters}) => ({
        ranked: {width, rank, shards: paperDistributed.shards},
        paper: `${formatPercent(rate)}, for ${billions(parameters)}`,
        marked: false
      })),
      {ranked: own(), paper: "yours", marked: true}
    ];
    body.replaceChildren(
      ...rows.map(({ranked, paper, marked}) => {
        const {width, rank} = ranked;
        const cells = [
          billions(12 * width ** 2 * layers),
          formatCount(width),
          formatCount(rank),
          percent(compressionRate(ranked)),
          percent(1 - countedShare(ranked)),
          paper
        ];
        return element("tr", {class: marked ? "marked" : null}, ...cells.map((text) => element("td", {}, text)));
      })
    );
    const {rank, width, shards} = own();
    const most = (2 * width * shards) / (shards + 2);
    const x = [0, most];
    chart.update({
      lines: [{name: `d = ${formatCount(width)}`, x, y: x.map((at) => compressionRate({...own(), rank: at}))}],
      at: Math.min(rank, most)
    });
    const rate = compressionRate(own());
    words.textContent =
      rate > 0
        ? `Rank ${formatCount(rank)} of ${formatCount(width)}, ${(rank / shards).toFixed(0)} on each of ${shards} cards: ${percent(rate)} need not be sent.`
        : `At rank ${formatCount(rank)} the factors are larger than the gradient: nothing is saved from r = ${formatCount(most)} on.`;
  }
  node.addEventListener("input", () => {
    settings.set({r: r.value, d: d.value, m: m.value});
    draw();
  });
  draw();
  return node;
}

function billions(count: number): string {
  return `${(count / 1e9).toPrecision(3)} · 10⁹`;
}

function percent(rate: number): string {
  return rate < 0 ? `−${formatPercent(-rate)}` : formatPercent(rate);
}
