// What a reader may choose about the prior in mixed precision. Each change starts anew.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element, extend} from "../../charts/dom.js";
import {defaultPrecision, type FormatName, type Precision, type Scaling} from "../../training/floatFormat.js";
import type {ConfigControl, RunConfig} from "../choices.js";
import {formatChoices, power, scaleRange, scaleTicks} from "./shared.js";

/** The settings of a run, those that it leaves out included. */
export function precisionIn(config: RunConfig): Precision {
  return {...defaultPrecision, ...config} as Precision;
}

/** Only what differs from the default. */
export function configOf(precision: Precision): RunConfig {
  const names = Object.keys(defaultPrecision) as (keyof Precision)[];
  const differing = names.filter((name) => precision[name] !== defaultPrecision[name]);
  return Object.fromEntries(differing.map((name) => [name, precision[name]]));
}

export function precisionSettings(initial: Precision): ConfigControl {
  const format = select<FormatName | "fp32">({
    label: "format",
    value: initial.format,
    choices: [{value: "fp32", label: "fp32: nothing is rounded"}, ...formatChoices]
  });
  const scaling = select<Scaling>({
    label: "gradient scale",
    value: initial.scaling,
    choices: [
      {value: "none", label: "none"},
      {value: "fixed", label: "one, by hand"},
      {value: "global", label: "one, by the rule"},
      {value: "block", label: "one for each, by the rule"}
    ]
  });
  const start = slider({
    symbol: "s",
    label: "scale at the start",
    ...scaleRange,
    step: 1,
    value: initial.initialScale,
    ticks: scaleTicks,
    format: power
  });
  const window = select<string>({
    label: "a scale may fall again after",
    value: String(initial.window),
    choices: [...new Set([125, 1, initial.window])].map((n) => ({
      value: String(n),
      label: n === 125 ? "125 updates, as in the paper" : n === 1 ? "1 update" : `${n} updates`
    }))
  });
  const node = element(
    "div",
    {class: "precision-controls", role: "group", "aria-label": "Precision: each change starts anew"},
    format,
    scaling,
    start,
    window
  );
  const enable = () => {
    start.classList.toggle("unused", scaling.value === "none");
    window.classList.toggle("unused", scaling.value === "none" || scaling.value === "fixed");
  };
  node.addEventListener("input", enable);
  enable();
  return extend(node, {
    get value(): RunConfig {
      return configOf({
        format: format.value,
        scaling: scaling.value,
        initialScale: start.value,
        window: Number(window.value)
      });
    },
    set value(config: RunConfig) {
      const next = precisionIn(config);
      format.value = next.format;
      scaling.value = next.scaling;
      start.value = next.initialScale;
      window.value = String(next.window);
      enable();
    }
  });
}
