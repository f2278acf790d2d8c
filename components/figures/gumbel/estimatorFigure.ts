// Bias and noise of three gradient estimators against τ, measured on a problem whose true gradient is known.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatCount} from "../../charts/format.js";
import {type LogSeries, logCurve} from "../../charts/logCurve.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {
  type Estimator,
  estimators,
  noDraws,
  qualityOf,
  type SmallProblem,
  smallProblem,
  type Totals,
  trueGradient,
  withDraws
} from "../../training/relaxation.js";
import {figure} from "../figure.js";
import {redrawer} from "../redraw.js";
import {symbol} from "../symbol.js";
import {tauTicks} from "./controls.js";
import {type GumbelState, tauRange} from "./state.js";

const taus = Array.from({length: 8}, (_, i) => 2 ** (i - 4));
/** Draws for each point: at most, and in one frame. */
const most = 6000;
const pace = 25;
const words: Readonly<Record<Estimator, string>> = {
  relaxed: "relaxed",
  straightThrough: "straight-through",
  score: "score function"
};
const kinds: Readonly<Record<Estimator, string>> = {
  relaxed: "means-codes",
  straightThrough: "means-encoder",
  score: "means-decoder"
};

export function estimatorFigure(state: GumbelState): HTMLElement {
  const settings = pageSettings({
    problem: numberSetting(1, {min: 1, max: 99, integer: true}),
    sharp: numberSetting(1, {min: 0, max: 4}),
    choices: numberSetting(8, {min: 2, max: 16, integer: true})
  });
  const axis = {domain: [tauRange.min, tauRange.max], ticks: tauTicks, axis: "temperature τ", height: 250} as const;
  const bias = logCurve({series: []}, {...axis, title: "bias, relative to the true gradient", least: 1});
  const noise = logCurve({series: []}, {...axis, title: "noise of one estimate, relative", log: true});
  const codes = slider({label: "codes", min: 2, max: 16, step: 1, value: settings.values.choices, format: String});
  const sharp = slider({label: "spread of the logits", min: 0, max: 4, step: 0.25, value: settings.values.sharp});
  const other = button("Another problem");
  const said = element("p", {class: "message", role: "status"});
  const node = figure(
    {kind: "stack gumbel-figure", label: "Three estimators of the gradient"},
    element("div", {class: "control-bar"}, other, codes, sharp),
    element("div", {class: "figure-columns"}, bias, noise),
    said,
    element(
      "figcaption",
      {},
      "Left: how far the mean of many estimates is from the exact gradient, with the standard error of that mean. Right: the " +
        "standard deviation of a single estimate. 1 is the length of the true gradient. Both are measured now, in this page. " +
        "The upright line is ",
      symbol("tau"),
      " of the sliders above."
    )
  );
  let problem: SmallProblem;
  let truth: Float64Array;
  let totals: Map<Estimator, Totals[]>;
  let round = 0;

  function restart(): void {
    settings.set({choices: codes.value, sharp: sharp.value});
    problem = smallProblem(codes.value, sharp.value, stream(settings.values.problem, "problem"));
    truth = trueGradient(problem);
    totals = new Map(estimators.map((kind) => [kind, taus.map(() => noDraws(codes.value))]));
    round = 0;
    redraw();
  }
  const redraw = redrawer(node, () => {
    round += 1;
    for (const [kind, points] of totals) {
      for (const [i, tau] of taus.entries()) {
        points[i] = withDraws(points[i]!, kind, problem, tau, pace, stream(1, kind, i, round));
      }
    }
    show();
    if (round * pace < most) redraw();
  });
  function show(): void {
    const of = (kind: Estimator) => totals.get(kind)!.map((point) => qualityOf(point, truth));
    const line = (kind: Estimator, values: number[], errors?: number[]): LogSeries => ({
      name: words[kind],
      xs: taus,
      values,
      kind: kinds[kind],
      dashed: kind === "straightThrough",
      ...(errors === undefined ? {} : {errors})
    });
    const found = estimators.map((kind) => ({kind, quality: of(kind)}));
    bias.update({
      at: state.tau,
      series: found.map(({kind, quality}) =>
        line(
          kind,
          quality.map((q) => q.bias),
          quality.map((q) => q.error)
        )
      )
    });
    noise.update({
      at: state.tau,
      series: found.map(({kind, quality}) =>
        line(
          kind,
          quality.map((q) => q.noise)
        )
      )
    });
    const drawn = `${formatCount(round * pace)} draws for each point, of at most ${formatCount(most)}.`;
    said.textContent = [...settings.problems, drawn].join(" ");
  }
  for (const one of [codes, sharp]) one.addEventListener("input", restart);
  other.addEventListener("click", () => {
    settings.set({problem: (settings.values.problem % 99) + 1});
    restart();
  });
  state.onChange(() => {
    if (round > 0) show();
  });
  restart();
  return node;
}
