// Stage 1 in training with everything to be seen, and switches for what the paper says matters.

import {element} from "../../charts/dom.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {ablations} from "../../training/ablations.js";
import type {RunConfig} from "../choices.js";
import {type ConfigSwitch, configSelects} from "../configSelects.js";
import {dvaeStage} from "../dvaeStage.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import type {StoredCurve} from "../storedCurve.js";
import {teller} from "../teller.js";

export interface TrainFigureOptions {
  readonly load: (engine: FigureEngine) => Promise<void>;
  /** Of the shipped weights' run. */
  readonly stored: StoredCurve;
  /** The two bounds in it are those of another run of the same settings. */
  readonly boundsOfAnother?: boolean;
}

const names = ["choices", ...ablations.map(({name}) => name)];
const switches: readonly ConfigSwitch[] = [
  {
    label: "all choices",
    choices: [
      {label: "the miniature’s", config: {}},
      {label: "the paper’s", config: {choices: "paper"}}
    ]
  },
  ...ablations.map(({label, settings}) => ({label, choices: settings.filter(({together}) => !together)}))
];

export function trainFigure(
  engine: FigureEngine,
  {load, stored, boundsOfAnother = false}: TrainFigureOptions
): HTMLElement {
  // A switch stands in the address by its place: tau=2 is the third choice.
  const settings = pageSettings({
    seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    ...Object.fromEntries(
      switches.map(({choices}, i) => [names[i]!, numberSetting(0, {min: 0, max: choices.length - 1, integer: true})])
    )
  });
  const chosen: Readonly<Record<string, number>> = settings.values;
  const config: RunConfig = Object.assign({}, ...switches.map(({choices}, i) => choices[chosen[names[i]!]!]!.config));
  const plain = Object.keys(config).length === 0 && settings.values.seed === 1;
  const {node: told, tell} = teller(settings.problems.join(" "));
  const hidden = element("input", {type: "checkbox", checked: true});
  const selects = configSelects("Settings of the run", switches);
  const made = dvaeStage(engine, "xs", {
    name: "chapter-xs-dvae",
    settings: selects,
    config,
    seed: settings.values.seed,
    detailed: true,
    stored: plain ? stored : {},
    ...(plain ? {start: "shipped" as const} : {}),
    prepare: () => load(engine),
    goesOnHidden: () => hidden.checked,
    onMessage: tell
  });
  const node = figure(
    {kind: "dvae-train", label: "Train the discrete VAE, with everything to be seen"},
    made.node,
    element("label", {class: "check"}, hidden, "go on in a hidden tab"),
    told,
    element(
      "figcaption",
      {},
      "Opens with the shipped weights. Reset makes them random; a switch does too, since it makes another run. Drag the point on a schedule to hold a value from there on.",
      boundsOfAnother ? " Until you train, the two bounds are those of a stored run of the same settings." : ""
    )
  );
  node.addEventListener("input", () => {
    const places = switches.map(({choices}) => placeOf(choices, selects.value));
    settings.set({...Object.fromEntries(places.map((place, i) => [names[i], place])), seed: made.run.seed});
  });
  void nearScreen(node).then(() => made.run.open());
  return node;
}

/** The choice with most settings of which the configuration has all. */
function placeOf(choices: ConfigSwitch["choices"], config: RunConfig): number {
  const fits = choices.map(({config: wanted}) => {
    const entries = Object.entries(wanted);
    return entries.every(([name, value]) => config[name] === value) ? entries.length : -1;
  });
  return fits.indexOf(Math.max(...fits));
}
