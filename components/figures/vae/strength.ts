// β as the figures' sliders hold it: by its strength t, β = 2ᵗ − 2⁻⁶, a logarithmic scale that begins at β = 0.
// models/autoencoder.ts has the same; that file is the worker's.

import {slider} from "../../charts/controls/slider.js";
import {formatNumber} from "../../charts/format.js";
import {numberSetting, type Setting} from "../../notebook/settings.js";

export const least = -6;
export const most = 10;

export function betaOf(strength: number): number {
  return 2 ** strength - 2 ** least;
}

export function strengthOf(beta: number): number {
  return Math.log2(beta + 2 ** least);
}

/** Of β = 1. */
export const strengthOfOne = strengthOf(1);

const largest = betaOf(most);

/** β in the address. */
export function betaSetting(initial: number): Setting<number> {
  return numberSetting(initial, {min: 0, max: Math.ceil(largest)});
}

export interface BetaSlider extends HTMLElement {
  readonly strength: number;
  /** β to four digits, for the address. */
  readonly beta: number;
}

export function betaSlider(beta: number): BetaSlider {
  const control = slider({
    symbol: "β",
    symbolName: "beta",
    label: "weight of the KL",
    min: least,
    max: most,
    value: Math.min(most, strengthOf(beta)),
    ticks: [0, 1, 16, 256].map((value) => ({value: strengthOf(value), label: String(value)})),
    format: (t) => formatNumber(round(betaOf(t)))
  });
  Object.defineProperties(control, {
    strength: {get: () => control.value},
    beta: {get: () => round(betaOf(control.value))}
  });
  return control as unknown as BetaSlider;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
