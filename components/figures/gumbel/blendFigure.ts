// How many codes a draw blends, against τ, for several K: measured here, with all logits alike.

import {stream} from "../../../data/random.js";
import {element} from "../../charts/dom.js";
import {logCurve} from "../../charts/logCurve.js";
import {blendOf, gumbels} from "../../training/relaxation.js";
import {figure} from "../figure.js";
import {nearScreen, redrawer} from "../redraw.js";
import {symbol} from "../symbol.js";
import {formatTau, tauSlider, tauTicks} from "./controls.js";
import type {GumbelState} from "./state.js";
import {tauRange} from "./state.js";

const sizes = [
  {codes: 16, draws: 400},
  {codes: 128, draws: 200},
  {codes: 8192, draws: 50}
] as const;
const taus = Array.from({length: 15}, (_, i) => 2 ** (i / 2 - 4));

export function blendFigure(state: GumbelState): HTMLElement {
  const chart = logCurve(
    {series: []},
    {
      title: "codes blended in one draw",
      domain: [tauRange.min, tauRange.max],
      ticks: tauTicks,
      axis: "temperature τ",
      log: true,
      height: 260
    }
  );
  const cells = sizes.map(() => [element("td", {}), element("td", {})]);
  const said = element("caption", {});
  const table = element(
    "table",
    {class: "gumbel-table"},
    said,
    element(
      "thead",
      {},
      element("tr", {}, ...["codes K", "blended", "largest entry"].map((text) => element("th", {scope: "col"}, text)))
    ),
    element(
      "tbody",
      {},
      ...sizes.map(({codes}, i) =>
        element("tr", {}, element("th", {scope: "row"}, codes.toLocaleString("en-GB")), ...cells[i]!)
      )
    )
  );
  const node = figure(
    {kind: "stack gumbel-figure", label: "How many codes are blended"},
    element("div", {class: "control-bar"}, tauSlider(state)),
    element("div", {class: "figure-columns"}, chart, table),
    element(
      "figcaption",
      {},
      "exp of the mean entropy of ",
      symbol("relaxed"),
      ": 1 for a single code, ",
      symbol("codes"),
      " for all alike. All logits are equal, which is the worst case. " +
        "Simulated in this page, with 400, 200 and 50 draws; 8,192 is DALL·E’s number of codes."
    )
  );
  /** The noise of each size's draws: the same at every τ. */
  const noise = sizes.map(() => [] as Float64Array[]);
  const measured = sizes.map(() => [] as number[]);
  let started = false;
  const redraw = redrawer(node, () => {
    if (!started) return;
    const {tau} = state;
    said.textContent = `At τ = ${formatTau(tau)}`;
    for (const [i, draws] of noise.entries()) {
      const {blended, largest} = blendOf(draws, tau);
      cells[i]![0]!.textContent = blended >= 100 ? String(Math.round(blended)) : blended.toFixed(blended < 10 ? 2 : 1);
      cells[i]![1]!.textContent = largest.toFixed(2);
    }
    chart.update({
      at: tau,
      series: sizes.map(({codes}, i) => ({
        name: `K = ${codes.toLocaleString("en-GB")}`,
        xs: taus.slice(0, measured[i]!.length),
        values: measured[i]!,
        kind: "means-codes",
        dashed: i === 1
      }))
    });
  });
  void nearScreen(node).then(async () => {
    const awake = () => new Promise((resolve) => setTimeout(resolve)); // the page goes on meanwhile
    for (const [i, {codes, draws}] of sizes.entries()) {
      const from = stream(1, "blend", codes);
      for (let n = 0; n < draws; ++n) {
        noise[i]!.push(gumbels(codes, from));
        if (codes > 1000) await awake();
      }
    }
    started = true;
    for (const tau of taus) {
      for (const [i, draws] of noise.entries()) measured[i]!.push(blendOf(draws, tau).blended);
      redraw();
      await awake();
    }
  });
  state.onChange(redraw);
  return node;
}
