// Draws of three codes on their triangle: as τ falls they run into the corners.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {simplex} from "../../charts/simplex.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {gumbels, relaxedDraw, softmaxAt} from "../../training/relaxation.js";
import {figure} from "../figure.js";
import {redrawer} from "../redraw.js";
import {symbol} from "../symbol.js";
import {tauSlider} from "./controls.js";
import {type GumbelState, logitRange} from "./state.js";

const draws = 500;
/** New draws a frame while they are live. */
const pace = 5;

export function simplexFigure(state: GumbelState): HTMLElement {
  const settings = pageSettings({
    l1: numberSetting(1, {min: logitRange[0], max: logitRange[1]}),
    l2: numberSetting(0, {min: logitRange[0], max: logitRange[1]}),
    l3: numberSetting(0, {min: logitRange[0], max: logitRange[1]}),
    draws: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const live = element("button", {type: "button", class: "button", "aria-pressed": false}, "Keep drawing");
  const fresh = button("New draws");
  const {l1, l2, l3} = settings.values;
  const logits = [l1, l2, l3].map((value, k) =>
    slider({
      symbol: "ℓ",
      symbolName: "logits",
      label: `of code ${k + 1}`,
      min: logitRange[0],
      max: logitRange[1],
      step: 0.1,
      value
    })
  );
  const triangle = simplex(
    {points: [], centre: [1 / 3, 1 / 3, 1 / 3]},
    {names: ["code 1", "code 2", "code 3"], label: "Relaxed draws"}
  );
  const node = figure(
    {kind: "stack gumbel-figure", label: "Draws of three codes"},
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
      "500 draws of ",
      symbol("relaxed"),
      ". The shape says which code is largest: square, triangle, circle. The cross is ",
      symbol("probabilities"),
      "\u00a0=\u00a0softmax(ℓ). Moving τ keeps the noise, so each draw can be followed; it never changes its shape."
    )
  );
  if (settings.problems.length > 0) node.prepend(element("p", {class: "message problem"}, settings.problems.join(" ")));
  let from = stream(settings.values.draws, "simplex");
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
  for (const one of logits) {
    one.addEventListener("input", () => {
      const [a = 0, b = 0, c = 0] = logits.map(({value}) => value);
      settings.set({l1: a, l2: b, l3: c});
      redraw();
    });
  }
  fresh.addEventListener("click", () => {
    settings.set({draws: (settings.values.draws + 1) % 2 ** 32});
    from = stream(settings.values.draws, "simplex");
    next = 0;
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
