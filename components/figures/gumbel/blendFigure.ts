// How many codes a draw blends, against τ, for several K: measured here, with all logits alike.

import {stream} from "../../../data/random.js";
import {element} from "../../charts/dom.js";
import {logCurve} from "../../charts/logCurve.js";
import {enlargeButton} from "../../notebook/fullscreen.js";
import {blendOf} from "../../training/relaxation.js";
import {nearScreen, redrawer} from "../redraw.js";
import {formatTau, tauSlider, tauTicks} from "./controls.js";
import type {GumbelState} from "./state.js";
import {tauRange} from "./state.js";

const sizes = [
  {codes: 16, draws: 400},
  {codes: 128, draws: 200},
  {codes: 8192, draws: 12}
] as const;
const taus = Array.from({length: 8}, (_, i) => 2 ** (i - 4));

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
  const node = element(
    "figure",
    {class: "figure gumbel-figure", "aria-label": "How many codes are blended"},
    element("div", {class: "control-bar"}, tauSlider(state)),
    element("div", {class: "figure-columns"}, chart, table),
    element(
      "figcaption",
      {},
      "exp of the mean entropy of y: 1 for a single code, K for all alike. All logits are equal, which is the worst case. " +
        "Simulated in this page; 8,192 is DALL·E’s number of codes."
    )
  );
  node.prepend(enlargeButton(node));
  const measured = sizes.map(() => [] as number[]);
  let started = false;
  const redraw = redrawer(node, () => {
    if (!started) return;
    const {tau} = state;
    said.textContent = `At τ = ${formatTau(tau)}`;
    for (const [i, {codes, draws}] of sizes.entries()) {
      const {blended, largest} = blendOf(codes, tau, draws, stream(2, "here", codes));
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
    started = true;
    redraw();
    for (const tau of taus) {
      for (const [i, {codes, draws}] of sizes.entries()) {
        measured[i]!.push(blendOf(codes, tau, draws, stream(1, "blend", codes)).blended);
        await new Promise((resolve) => setTimeout(resolve)); // the page stays awake
      }
      redraw();
    }
  });
  state.onChange(redraw);
  return node;
}
