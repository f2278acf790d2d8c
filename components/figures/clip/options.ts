// The options of a run as switches, and as words in the address.

import {clipOptions} from "../../training/clipOptions.js";
import type {ConfigControl, RunConfig} from "../choices.js";
import {type ConfigSwitch, configSelects} from "../configSelects.js";

/** The page's own batch size, of which the address says nothing. */
export const usualBatch = 64;

const switches: readonly ConfigSwitch[] = [
  {
    label: "batch",
    choices: [usualBatch, 8, 16, 32, 128].map((size) => ({
      label: `${size} pairs`,
      config: size === usualBatch ? {} : {batchSize: size}
    }))
  },
  {
    label: "spoiled copies",
    choices: [
      {label: "among the images", config: {}},
      {label: "none, as in CLIP", config: {spoiledCopies: false}}
    ]
  },
  {
    label: "compared",
    choices: [
      {label: "one vector each", config: {}},
      {label: "words with patches (FILIP)", config: {lateInteraction: true}}
    ]
  },
  {
    label: "told apart from",
    choices: [
      {label: "all, the match too", config: {}},
      {label: "all but the match (DCL)", config: {decoupled: true}}
    ]
  },
  {
    label: "projections",
    choices: [
      {label: "one pair", config: {}},
      {label: "a pair for each direction", config: {extraProjection: true}}
    ]
  },
  {
    label: "images alone",
    choices: [
      {label: "nothing", config: {}},
      {label: "SimCLR (SLIP)", config: {visualSsl: "simclr"}},
      {label: "SimSiam (DeCLIP)", config: {visualSsl: "simsiam"}}
    ]
  },
  {
    label: "text alone",
    choices: [
      {label: "nothing", config: {}},
      {label: "hidden words (DeCLIP)", config: {maskedText: true}}
    ]
  }
];

/** Emits "input" when the reader changes one; each change starts anew. */
export function optionSwitches(): ConfigControl {
  return configSelects("Options: each change starts anew", switches);
}

/** Those that change one thing; "listing" changes several. */
const single = clipOptions.filter(({name}) => name !== "plain" && name !== "listing");

/** The configuration of "batch8.dcl"; what is no option is ignored. */
export function configOf(text: string): RunConfig {
  const named = text.split(".").flatMap((name) => single.filter((option) => option.name === name));
  return Object.assign({}, ...named.map(({config}) => config)) as RunConfig;
}

/** "batch8.dcl", or "" for the plain CLIP. */
export function namesOf(config: RunConfig): string {
  const has = (wanted: RunConfig) => Object.entries(wanted).every(([name, value]) => config[name] === value);
  return single
    .filter((option) => has(option.config))
    .map(({name}) => name)
    .join(".");
}

/** Everything that the listing switches on. */
export function listingConfig(): RunConfig {
  return clipOptions.find(({name}) => name === "listing")!.config;
}
