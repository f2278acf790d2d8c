// What a reader may choose about the exact mixture: switches, of which each makes another run, and β, which acts at once.

import {slider} from "../../charts/controls/slider.js";
import {formatNumber} from "../../charts/format.js";
import {choiceSetting, numberSetting, type SettingValues} from "../../notebook/settings.js";
import type {RunConfig} from "../choices.js";
import {type ConfigSwitch, configSelects} from "../configSelects.js";

/** Their names in the address. */
export const mixtureAddress = {
  hidden: choiceSetting<"1" | "2" | "8">("2", ["1", "2", "8"]),
  prior: choiceSetting<"uniform" | "learnt">("uniform", ["uniform", "learnt"]),
  sigma: choiceSetting<"0.15" | "0.3" | "1">("0.3", ["0.15", "0.3", "1"]),
  tbeta: numberSetting(1, {min: 0, max: 4}),
  seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
};

export type MixtureChoice = Pick<SettingValues<typeof mixtureAddress>, "hidden" | "prior" | "sigma">;

const switches: readonly ConfigSwitch[] = [
  {
    label: "between the encoder's layers",
    choices: [
      {label: "2 numbers", config: {}},
      {label: "1 number", config: {hidden: 1}},
      {label: "8 numbers", config: {hidden: 8}}
    ]
  },
  {
    label: "prior p(z)",
    choices: [
      {label: "uniform", config: {}},
      {label: "learnt", config: {prior: "learnt"}}
    ]
  },
  {
    label: "σ of p(x | z)",
    choices: [
      {label: "0.3", config: {}},
      {label: "0.15", config: {sigma: 0.15}},
      {label: "1", config: {sigma: 1}}
    ]
  }
];

export const mixtureSwitches = () => configSelects("The mixture: each change starts anew", switches);

export function mixtureConfig({hidden, prior, sigma}: MixtureChoice): RunConfig {
  return {
    ...(hidden === "2" ? {} : {hidden: Number(hidden)}),
    ...(prior === "uniform" ? {} : {prior}),
    ...(sigma === "0.3" ? {} : {sigma: Number(sigma)})
  };
}

/** The same choice as the address writes it. */
export function mixtureChoice({hidden = 2, prior = "uniform", sigma = 0.3}: RunConfig): MixtureChoice {
  return {
    hidden: mixtureAddress.hidden.parse(String(hidden)) ?? "2",
    prior: mixtureAddress.prior.parse(String(prior)) ?? "uniform",
    sigma: mixtureAddress.sigma.parse(String(sigma)) ?? "0.3"
  };
}

export const betaSlider = (value: number) =>
  slider({
    symbol: "β",
    symbolName: "beta",
    label: "weight of the KL",
    min: 0,
    max: 4,
    step: 0.05,
    value,
    ticks: [0, 1, 2, 4],
    format: formatNumber
  });
