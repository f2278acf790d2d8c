// A limit of the paper as an experiment: kinds of captions side by side, the stored share of each and the reader's own.

import {button} from "../../charts/controls/button.js";
import {seedField} from "../../charts/controls/seedField.js";
import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {intervalRows} from "../../charts/intervalRows.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, pipelines, shippedWeights} from "../pipelines.js";
import {teller} from "../teller.js";
import {drawnStrip} from "./drawnStrip.js";
import {isRight} from "./groups.js";
import {captionsOf, type LimitCase, limits, type StoredScores} from "./limits.js";
import {type LiveTally, liveTally, written} from "./liveTally.js";

export interface LimitsOptions {
  /** Of the S prior's samples at t = 1. */
  readonly stored: StoredScores;
  readonly loadShipped?: LoadShipped;
}

export function limitsFigure(engine: FigureEngine, {stored, loadShipped}: LimitsOptions): HTMLElement {
  const settings = pageSettings({
    limit: choiceSetting<string>(
      "binding",
      limits.map(({name}) => name)
    ),
    each: numberSetting(8, {min: 1, max: 32, integer: true}),
    limitSeed: numberSetting(1, {min: 0, max: 100_000, integer: true})
  });
  const opened = pipelines(engine, loadShipped);
  const tallies = new Map<string, LiveTally>();
  let shown: LimitCase | null = null;
  let run = 0;

  const which = select<string>({
    label: "the limit",
    value: settings.values.limit,
    choices: limits.map(({name, label}) => ({value: name, label}))
  });
  const each = slider({
    label: "pictures of each kind",
    min: 1,
    max: 32,
    step: 1,
    value: settings.values.each,
    ticks: [1, 8, 16, 32],
    format: String
  });
  const seed = seedField(settings.values.limitSeed);
  const draw = button("Draw", {kind: "primary"});
  const claim = element("p", {class: "limit-claim"});
  const chart = intervalRows([], {title: "Right, per cent of the pictures"});
  const chartPlace = element("div", {}, chart);
  const strip = drawnStrip("Nothing drawn here yet.");
  const kind = element("p", {class: "chart-note"});
  const {node: message, tell} = teller(settings.problems.join(" "));
  const node = figure(
    {kind: "stack result-figure limits-figure", label: "Limits, measured on the miniature"},
    element("div", {class: "control-bar"}, which, seed),
    claim,
    element(
      "div",
      {class: "result-columns"},
      chartPlace,
      element("div", {class: "result-side"}, element("div", {class: "control-bar"}, each, draw), kind, strip, message)
    )
  );

  function current() {
    return limits.find(({name}) => name === which.value)!;
  }
  function tallyOf(one: LimitCase): LiveTally {
    const key = `${which.value} ${one.label} ${seed.value}`;
    const found = tallies.get(key) ?? liveTally("s", captionsOf("s", one), seed.value);
    tallies.set(key, found);
    return found;
  }
  function show(): void {
    const {cases, claim: words, right} = current();
    claim.textContent = `The authors: ${words} Right here means: ${right}.`;
    chart.update(
      cases.map((one) => {
        const own = tallyOf(one).share(one.aspect);
        const found = one.group === undefined ? null : (stored[one.group]?.[one.aspect] ?? null);
        return {
          label: one.label,
          marks: [
            ...(found === null ? [] : [{name: "stored", share: found, kind: "means-prior"}]),
            {
              name: "you",
              share: own,
              note: own === null ? "nothing yet" : written(own),
              own: true,
              kind: "means-prior"
            }
          ]
        };
      })
    );
    const one = shown !== null && cases.includes(shown) ? shown : cases[0]!;
    kind.textContent = `The last ones: ${one.label}`;
    strip.update(tallyOf(one).recent, ({grade}) => isRight(grade, one.aspect) ?? true);
  }
  async function drawAll(): Promise<void> {
    const mine = ++run;
    const {cases} = current();
    draw.disabled = true;
    tell("Fetching the model …", false);
    try {
      const pipeline = await opened.get(shippedWeights("s"));
      for (let i = 0; i < each.value; ++i) {
        for (const one of cases) {
          if (mine !== run) return;
          tell(`Drawing ${i + 1} of ${each.value} of each kind …`, false);
          shown = one;
          await tallyOf(one).more(pipeline);
          if (mine === run) show();
        }
      }
      tell("", false);
    } catch (error) {
      if (mine === run) tell(sentence(error), true);
    }
    if (mine === run) draw.disabled = false;
  }
  for (const control of [which, seed]) {
    control.addEventListener("input", () => {
      run += 1;
      draw.disabled = false;
      tell("", false);
      settings.set({limit: which.value, limitSeed: seed.value});
      show();
    });
  }
  each.addEventListener("input", () => settings.set({each: each.value}));
  draw.addEventListener("click", () => void drawAll());
  show();
  return node;
}
