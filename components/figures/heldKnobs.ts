// Schedules that the reader holds at a value, in the page's address: ?v=1&clip.learningRate=0.01

import {pageSettings, type Setting} from "../notebook/settings.js";
import type {Knob} from "./stage.js";

export interface HeldKnobs {
  /** By the engine's names, as the address had it when the page opened; null where the schedule decides. */
  readonly initial: Readonly<Record<string, number | null>>;
  /** A sentence for each value that the address gave wrongly. */
  readonly problems: readonly string[];
  /** The address follows. */
  keep(knob: string, value: number | null): void;
}

/** Of the run that is stored under this name; no other on the page has it. */
export function heldKnobs(run: string, knobs: readonly Knob[]): HeldKnobs {
  const key = (knob: string) => `${run.replaceAll(/[^\w-]+/g, "-")}.${knob}`;
  const settings = pageSettings(Object.fromEntries(knobs.map((knob) => [key(knob.name), heldSetting(knob)])));
  return {
    initial: Object.fromEntries(knobs.map(({name}) => [name, settings.values[key(name)] ?? null])),
    problems: settings.problems,
    keep: (knob, value) => settings.set({[key(knob)]: value})
  };
}

function heldSetting({min, max}: Knob): Setting<number | null> {
  return {
    initial: null,
    parse: (text) => {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    format: (value) => String(Number(value?.toPrecision(4))),
    expects: `a number from ${min} to ${max}`
  };
}
