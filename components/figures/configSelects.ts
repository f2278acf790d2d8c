// Switches that set a run's configuration: each offers a few settings of the model, of which the first is the default.

import {type Select, select} from "../charts/controls/select.js";
import {element, extend} from "../charts/dom.js";
import type {ConfigControl, RunConfig} from "./choices.js";

export interface ConfigSwitch {
  readonly label: string;
  readonly choices: readonly ConfigChoice[];
}

export interface ConfigChoice {
  readonly label: string;
  /** What the choice sets; {} for the default. */
  readonly config: RunConfig;
}

/** Emits "input" when the reader changes a switch. */
export function configSelects(label: string, switches: readonly ConfigSwitch[]): ConfigControl {
  const selects: Select<string>[] = switches.map((one) =>
    select<string>({
      label: one.label,
      value: "0",
      choices: one.choices.map((choice, i) => ({value: String(i), label: choice.label}))
    })
  );
  const node = element("div", {class: "control-bar config-selects", role: "group", "aria-label": label}, ...selects);
  return extend(node as HTMLElement, {
    get value(): RunConfig {
      return Object.assign(
        {},
        ...switches.map((one, i) => one.choices[Number(selects[i]!.value)]!.config)
      ) as RunConfig;
    },
    set value(config: RunConfig) {
      for (const [i, one] of switches.entries()) selects[i]!.value = String(choiceOf(one, config));
    }
  });
}

/** The choice of which the configuration has all settings, the one with most of them first; the default if none. */
function choiceOf({choices}: ConfigSwitch, config: RunConfig): number {
  let best = 0;
  for (const [i, choice] of choices.entries()) {
    const settings = Object.entries(choice.config);
    const has = settings.every(([name, value]) => config[name] === value);
    if (has && settings.length > Object.keys(choices[best]!.config).length) best = i;
  }
  return best;
}
