// Why a prior is learnt afterwards: pictures drawn from three priors over the finished codes, and what each makes of real
// ones in bits.

import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {imageGrid} from "../../charts/imageGrid.js";
import type {ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {debounced} from "../redraw.js";
import {type LiveModel, view} from "./live.js";

const shown = 6;
const kinds = ["uniform", "frequency", "neighbours"] as const;
const names = ["all codes alike", "how often each occurs", "given left and above"];

export function priorFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const grid = imageGrid({rows: rowsOf(undefined)}, {columns: shown});
  const bars = kinds.map(() => ({bar: element("span", {class: "bar"}), value: element("span", {class: "number"})}));
  const again = button("Draw again");
  const images = slider({
    label: "images counted",
    min: 8,
    max: 512,
    value: 512,
    scale: "log",
    ticks: [
      {value: 8, label: "8"},
      {value: 64, label: "64"},
      {value: 512, label: "512"}
    ],
    format: (value) => String(Math.round(value))
  });
  const told = element("p", {class: "message", role: "status"});
  const node = figure(
    {kind: "vq-figure", label: "Three priors over the codes"},
    element("div", {class: "control-bar"}, again, images),
    told,
    grid,
    element("p", {class: "chart-title"}, "bits for the tokens of a held-back image"),
    element(
      "ul",
      {class: "vq-bits"},
      ...names.map((name, i) => element("li", {}, element("span", {}, name), bars[i]!.bar, bars[i]!.value))
    ),
    element(
      "figcaption",
      {},
      "The codes are those of the model above as it is now. The last prior is learnt by counting; DALL·E’s, a transformer, " +
        "looks at all codes before and at the caption."
    )
  );
  let seed = 1;
  const live = view({
    engine,
    model,
    element: node,
    probe: "priors",
    every: 5000,
    draw(result) {
      grid.update({rows: rowsOf(result)});
      const bits = result.bits!.data;
      for (const [i, {bar, value}] of bars.entries()) {
        bar.style.setProperty("--share", String(bits[i]! / Math.max(...Array.from(bits))));
        value.textContent = bits[i]!.toFixed(0);
      }
      told.textContent = "";
    },
    onProblem(text) {
      told.textContent = text;
    }
  });
  const ask = () => void live.ask({seed, count: shown, images: Math.round(images.value)});
  images.addEventListener("input", debounced(ask, 150));
  again.addEventListener("click", () => {
    seed += 1;
    ask();
  });
  return node;
}

function rowsOf(result: ProbeResult | undefined) {
  return kinds.map((kind, i) => ({label: names[i]!, images: result?.[kind] ?? null}));
}
