// Draws of three codes on their triangle: as τ falls they run into the corners.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {simplex} from "../../charts/simplex.js";
import {gumbels, relaxedDraw, softmaxAt} from "../../training/relaxation.js";
import {figure} from "../figure.js";
import {redrawer} from "../redraw.js";
import {tauSlider} from "./controls.js";
import type {GumbelState} from "./state.js";

const draws = 500;
/** New draws a frame while they are live. */
const pace = 5;

export function simplexFigure(state: GumbelState): HTMLElement {
  const live = element("button", {type: "button", class: "button", "aria-pressed": false}, "Keep drawing");
  const fresh = button("New draws");
  const logits = [0, 1, 2].map((k) =>
    slider({
      symbol: "ℓ",
      symbolName: "logits",
      label: `of code ${k + 1}`,
      min: -4,
      max: 4,
      step: 0.1,
      value: [1, 0, 0][k]!
    })
  );
  const triangle = simplex(
    {points: [], centre: [1 / 3, 1 / 3, 1 / 3]},
    {names: ["code 1", "code 2", "code 3"], label: "Relaxed draws"}
  );
  const node = figure(
    {kind: "gumbel-figure", label: "Draws of three codes"},
    element("div", {class: "control-bar"}, fresh, live),
    element(
      "div",
      {class: "gumbel-simplex"},
      triangle,
      element("div", {class: "gumbel-sliders"}, tauSlider(state), ...logits)
    ),
    element(
      "figcaption",
      {},
      "500 draws. The shape says which code is largest: square, triangle, circle. The cross is softmax(ℓ). Moving τ keeps the " +
        "noise, so each draw can be followed; it never changes its shape."
    )
  );
  let from = stream(1, "simplex");
  let noise = Array.from({length: draws}, () => gumbels(3, from));
  let next = 0;
  const redraw = redrawer(node, () => {
    const l = logits.map(({value}) => value);
    triangle.update({points: noise.map((g) => relaxedDraw(l, g, state.tau)), centre: softmaxAt(l)});
    if (live.getAttribute("aria-pressed") !== "true") return;
    for (let i = 0; i < pace; ++i) {
      noise[next] = gumbels(3, from);
      next = (next + 1) % draws;
    }
    redraw();
  });
  for (const one of logits) one.addEventListener("input", redraw);
  fresh.addEventListener("click", () => {
    from = from.child("again");
    noise = noise.map(() => gumbels(3, from));
    redraw();
  });
  live.addEventListener("click", () => {
    live.setAttribute("aria-pressed", String(live.getAttribute("aria-pressed") !== "true"));
    redraw();
  });
  state.onChange(redraw);
  redraw();
  return node;
}
