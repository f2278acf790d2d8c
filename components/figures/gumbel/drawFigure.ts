// One relaxed draw, taken apart: logits, noise, their sum, and the mixture that comes of it.

import {button} from "../../charts/controls/button.js";
import {element} from "../../charts/dom.js";
import {formatPercent} from "../../charts/format.js";
import {type BarRow, stackedBars} from "../../charts/stackedBars.js";
import {blended, hardDraw, relaxedDraw, softmaxAt} from "../../training/relaxation.js";
import {figure} from "../figure.js";
import {redrawer} from "../redraw.js";
import {symbol} from "../symbol.js";
import {codesSlider, tauSlider} from "./controls.js";
import {type GumbelState, logitRange} from "./state.js";

export function drawFigure(state: GumbelState): HTMLElement {
  const again = button("New noise", {kind: "primary"});
  const bars = stackedBars({rows: rowsOf(state), chosen: null}, {label: "A relaxed draw", name: "logit of code"});
  const said = element("p", {class: "message", "aria-live": "polite"});
  const node = figure(
    {kind: "stack gumbel-figure", label: "One relaxed draw"},
    element("div", {class: "control-bar"}, again, tauSlider(state), codesSlider(state)),
    bars,
    said,
    element(
      "figcaption",
      {},
      "Drag the bars of the first row, or focus one and use the arrow keys. The outlined code has the largest ℓ + g: it is " +
        "the one that is drawn. Lines in the last row are the probabilities ",
      symbol("probabilities"),
      "\u00a0=\u00a0softmax(ℓ)."
    )
  );
  if (state.problems.length > 0) node.prepend(element("p", {class: "message problem"}, state.problems.join(" ")));
  const redraw = redrawer(node, () => {
    const {logits, noise, tau} = state;
    const y = relaxedDraw(logits, noise, tau);
    const chosen = hardDraw(logits, noise);
    bars.update({rows: rowsOf(state), chosen});
    said.textContent =
      `Code ${chosen + 1} is drawn, and has ${formatPercent(y[chosen]!)} of the mixture, which blends ` +
      `${blended(y).toFixed(1)} codes.`;
  });
  bars.addEventListener("input", () => state.setLogits(bars.value));
  again.addEventListener("click", () => state.setSeed((state.seed + 1) % 2 ** 32));
  state.onChange(redraw);
  redraw();
  return node;
}

function rowsOf({logits, noise, tau}: GumbelState): BarRow[] {
  const sum = logits.map((l, k) => l + noise[k]!);
  return [
    {label: "ℓ, the encoder’s logits", symbol: "logits", values: logits, range: logitRange, kind: "means-encoder"},
    {label: "g, Gumbel noise", symbol: "gumbel", values: noise, range: [-2, 5]},
    {label: "ℓ + g", values: sum, range: [-6, 7], kind: "means-encoder"},
    {
      label: "y = softmax((ℓ + g) / τ)",
      symbol: "relaxed",
      values: relaxedDraw(logits, noise, tau),
      range: [0, 1],
      kind: "means-codes",
      marks: softmaxAt(logits)
    }
  ];
}
