// The chapter's two sliders, for each figure that needs them: all show the same temperature and the same K.

import type {Control} from "../../charts/controls/control.js";
import {slider} from "../../charts/controls/slider.js";
import {codeRange, type GumbelState, tauRange} from "./state.js";

export const tauTicks = [
  {value: 1 / 16, label: "1/16"},
  {value: 1 / 4, label: "1/4"},
  {value: 1, label: "1"},
  {value: 8, label: "8"}
] as const;

export function formatTau(tau: number): string {
  const inverse = 1 / tau;
  const whole = Math.round(inverse);
  return whole > 1 && Math.abs(inverse - whole) < 0.005 * whole ? `1/${whole}` : tau.toFixed(2);
}

export function tauSlider(state: GumbelState): Control<number> {
  const node = slider({
    symbol: "τ",
    symbolName: "tau",
    label: "temperature",
    ...tauRange,
    value: state.tau,
    scale: "log",
    ticks: tauTicks,
    format: formatTau
  });
  node.addEventListener("input", () => state.setTau(node.value));
  state.onChange(() => {
    if (node.value !== state.tau) node.value = state.tau;
  });
  return node;
}

export function codesSlider(state: GumbelState): Control<number> {
  const node = slider({
    symbol: "K",
    symbolName: "codes",
    label: "codes",
    ...codeRange,
    step: 1,
    value: state.logits.length,
    ticks: [
      {value: 3, label: "3"},
      {value: 32, label: "32"}
    ],
    format: String
  });
  node.addEventListener("input", () => state.setCodes(node.value));
  state.onChange(() => {
    if (node.value !== state.logits.length) node.value = state.logits.length;
  });
  return node;
}
