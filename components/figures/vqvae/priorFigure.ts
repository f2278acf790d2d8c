// Why a prior is learnt afterwards: pictures drawn from three priors over the finished codes, and what each makes of real
// ones in bits.

import {seedField} from "../../charts/controls/seedField.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {debounced} from "../redraw.js";
import {type LiveModel, view} from "./live.js";

const shown = 6;
const kinds = ["uniform", "frequency", "neighbours"] as const;
const names = ["all alike", "frequencies", "neighbours"];
const most = 512;

export function priorFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const settings = pageSettings({
    draw: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    counted: numberSetting(most, {min: 8, max: most, integer: true})
  });
  const grid = imageGrid({rows: rowsOf(undefined)}, {columns: shown});
  const bars = kinds.map(() => ({bar: element("span", {class: "bar"}), value: element("span", {class: "number"})}));
  const seed = seedField(settings.values.draw, "draw");
  const images = slider({
    label: "images counted",
    min: 8,
    max: most,
    step: 1,
    value: settings.values.counted,
    scale: "log",
    ticks: [
      {value: 8, label: "8"},
      {value: 64, label: "64"},
      {value: 512, label: "512"}
    ],
    format: (value) => String(Math.round(value))
  });
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const node = figure(
    {kind: "stack vq-figure vq-priors", label: "Three priors over the codes"},
    element("div", {class: "control-bar"}, seed, images),
    told,
    element(
      "div",
      {class: "figure-columns"},
      grid,
      element(
        "div",
        {class: "vq-side"},
        element("p", {class: "chart-title"}, "bits for the tokens of a held-back image"),
        element(
          "ul",
          {class: "vq-bits"},
          ...names.map((name, i) => element("li", {}, element("span", {}, name), bars[i]!.bar, bars[i]!.value))
        )
      )
    ),
    element(
      "figcaption",
      {},
      "Three priors over the codes of the model above, as it is now. All alike: every code is as likely as any other. " +
        "Frequencies: as likely as it is often used. Neighbours: as likely as it is beside this left and this upper neighbour. " +
        "The last two are learnt by counting."
    )
  );
  const args = () => ({seed: seed.value, count: shown, images: Math.round(images.value)});
  const live = view({
    engine,
    model,
    element: node,
    probe: "priors",
    args: args(),
    every: 5000,
    draw(result) {
      grid.update({rows: rowsOf(result)});
      const bits = result.bits!.data;
      for (const [i, {bar, value}] of bars.entries()) {
        bar.style.setProperty("--share", String(bits[i]! / Math.max(...Array.from(bits))));
        value.textContent = bits[i]!.toFixed(0);
      }
      told.textContent = settings.problems.join(" ");
    },
    onProblem(text) {
      told.textContent = text;
    }
  });
  const ask = debounced(() => {
    settings.set({draw: seed.value, counted: Math.round(images.value)});
    void live.ask(args());
  }, 150);
  images.addEventListener("input", ask);
  seed.addEventListener("input", ask);
  return node;
}

function rowsOf(result: ProbeResult | undefined) {
  return kinds.map((kind, i) => ({label: names[i]!, images: result?.[kind] ?? null}));
}
