// Ten thousand draws counted: Gumbel-max gives each code as often as softmax(ℓ) says, within the error of counting.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {element} from "../../charts/dom.js";
import {formatCount} from "../../charts/format.js";
import {shareBars} from "../../charts/shareBars.js";
import {countDraws, softmaxAt, standardError} from "../../training/relaxation.js";
import {figure} from "../figure.js";
import {debounced, nearScreen} from "../redraw.js";
import {symbol} from "../symbol.js";
import {codesSlider, tauSlider} from "./controls.js";
import type {GumbelState} from "./state.js";

const batch = 10_000;

export function countFigure(state: GumbelState): HTMLElement {
  const more = button("Draw 10,000 more", {kind: "primary"});
  const bars = shareBars({shares: [], expected: [], errors: []}, {label: "How often each code is drawn"});
  const said = element("p", {class: "message", role: "status"});
  const node = figure(
    {kind: "stack gumbel-figure", label: "Ten thousand draws"},
    element("div", {class: "control-bar"}, more, codesSlider(state), tauSlider(state)),
    bars,
    said,
    element(
      "figcaption",
      {},
      "Bars: the share of draws in which the code had the largest entry of ",
      symbol("relaxed"),
      ". Lines: ",
      symbol("probabilities"),
      "\u00a0=\u00a0softmax(ℓ), with two standard errors of a share counted over so many draws, √(π (1 − π) / n), either way. " +
        "Move τ: not one draw changes hands."
    )
  );
  let counts = new Float64Array(0);
  let draws = 0;
  let key = "";
  let batches = 0;

  function draw(): void {
    const {logits} = state;
    const now = Array.from(logits).join();
    if (now !== key) {
      key = now;
      counts = new Float64Array(logits.length);
      draws = 0;
    }
    // τ is not in it: dividing all entries by the same number moves the largest nowhere.
    const drawn = countDraws(logits, batch, stream(state.seed, "counts", batches++));
    counts = counts.map((n, k) => n + drawn[k]!);
    draws += batch;
    show();
  }
  function show(): void {
    const pi = softmaxAt(state.logits);
    const errors = pi.map((p) => standardError(p, draws));
    const shares = counts.map((n) => n / draws);
    bars.update({shares, expected: pi, errors});
    const misses = shares.map((s, k) => Math.abs(s - pi[k]!));
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const within = misses.filter((m, k) => m <= 2 * errors[k]!).length;
    // The mean distance of a normal number from its mean is √(2/π) of its standard deviation.
    const expected = mean(errors) * Math.sqrt(2 / Math.PI);
    said.textContent =
      `${formatCount(draws)} draws. A share misses its line by ${points(mean(misses))} percentage points on average; ` +
      `chance alone gives ${points(expected)}. ` +
      `${within} of ${pi.length} shares are within two standard errors.`;
  }
  const restart = debounced(draw, 120);
  more.addEventListener("click", draw);
  state.onChange(() => {
    if (Array.from(state.logits).join() !== key) restart();
  });
  void nearScreen(node).then(draw);
  return node;
}

/** A share in hundredths: 0.17 for 0.0017. */
function points(share: number): string {
  return (100 * share).toFixed(2);
}
