// Everything that, with the caption, names a picture: candidates, temperature, top-k, top-p, seed.

import {seedField} from "../charts/controls/seedField.js";
import {slider} from "../charts/controls/slider.js";
import {element, extend} from "../charts/dom.js";
import type {DrawSettings} from "./drawing.js";

export type SamplingSettings = Pick<DrawSettings, "candidates" | "temperature" | "topK" | "topP" | "seed">;

export const defaultSampling: SamplingSettings = {candidates: 4, temperature: 1, topK: 0, topP: 1, seed: 1};

/** Emits "input" as the reader moves a control. */
export interface SamplingControls extends HTMLElement {
  value: SamplingSettings;
  /** K: a top-k from here on keeps all codes. */
  setCodes(codes: number): void;
}

const mostCodes = 256;

/** `most` candidates at a time. */
export function samplingControls(initial: SamplingSettings, most = 8): SamplingControls {
  let codes = mostCodes;
  const candidates = slider({
    label: "candidates",
    min: 1,
    max: most,
    step: 1,
    ...(most > 8 ? {scale: "log" as const} : {}),
    value: initial.candidates,
    ticks: most > 8 ? [1, 4, most] : [1, 4, 8],
    format: String
  });
  const temperature = slider({
    symbol: "t",
    label: "temperature",
    min: 0,
    max: 2,
    step: 0.05,
    value: initial.temperature,
    ticks: [
      {value: 0, label: "greedy"},
      {value: 1, label: "1"},
      {value: 2, label: "2"}
    ],
    format: (t) => (t === 0 ? "0, greedy" : t.toFixed(2)),
    hint: "softmax(ℓ / t): below 1 the likely codes gain, above 1 they lose"
  });
  const topK = slider({
    symbol: "k",
    label: "top-k",
    min: 1,
    max: mostCodes,
    scale: "log",
    step: 1,
    value: initial.topK || mostCodes,
    ticks: [
      {value: 1, label: "1"},
      {value: 8, label: "8"},
      {value: mostCodes, label: "all"}
    ],
    format: (k) => (k >= codes ? "all" : String(k)),
    hint: "Draw from the k most probable codes only"
  });
  const topP = slider({
    symbol: "p",
    label: "top-p",
    min: 0.05,
    max: 1,
    step: 0.05,
    value: initial.topP,
    ticks: [
      {value: 0.5, label: "½"},
      {value: 1, label: "all"}
    ],
    format: (p) => (p >= 1 ? "all" : p.toFixed(2)),
    hint: "Draw from the smallest set of codes that holds this much probability"
  });
  const seed = seedField(initial.seed);
  const node = element("div", {class: "controls"}, candidates, temperature, topK, topP, seed);
  return extend(node, {
    setCodes(next: number) {
      codes = next;
      topK.value = topK.value >= codes ? mostCodes : topK.value;
    },
    get value(): SamplingSettings {
      return {
        candidates: candidates.value,
        temperature: temperature.value,
        topK: topK.value >= codes ? 0 : topK.value,
        topP: Math.min(1, topP.value),
        seed: seed.value
      };
    },
    set value(next: SamplingSettings) {
      candidates.value = next.candidates;
      temperature.value = next.temperature;
      topK.value = next.topK || mostCodes;
      topP.value = next.topP;
      seed.value = next.seed;
    }
  });
}
