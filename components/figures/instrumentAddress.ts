// The instrument's settings in the page's address, so that a link brings others to the same picture.

import {choiceSetting, numberSetting, switchSetting, textSetting} from "../notebook/settings.js";
import type {Size} from "../training/protocol.js";
import {defaultSampling, type SamplingSettings} from "./samplingControls.js";

/** Candidates at a time. */
export const mostCandidates = 32;

/** caption "" stands for the size's first suggestion. */
export function addressOf(size: Size) {
  return {
    size: choiceSetting<Size>(size, ["s", "xs"]),
    caption: textSetting("", {maxLength: 200}),
    n: numberSetting(defaultSampling.candidates, {min: 1, max: mostCandidates, integer: true}),
    t: numberSetting(defaultSampling.temperature, {min: 0, max: 2}),
    k: numberSetting(defaultSampling.topK, {min: 0, max: 256, integer: true}),
    p: numberSetting(defaultSampling.topP, {min: 0.05, max: 1}),
    rank: switchSetting(false),
    seed: numberSetting(defaultSampling.seed, {min: 0, max: 2 ** 32 - 1, integer: true})
  };
}

export function samplingOf(values: {n: number; t: number; k: number; p: number; seed: number}): SamplingSettings {
  return {candidates: values.n, temperature: values.t, topK: values.k, topP: values.p, seed: values.seed};
}
