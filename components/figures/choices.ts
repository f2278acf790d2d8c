// What a run is told about its configuration, as a reader picks it. The simplest control: whose choices (models/choices.ts).

import type {Control} from "../charts/controls/control.js";
import {select} from "../charts/controls/select.js";
import {extend} from "../charts/dom.js";
import type {RunSpec} from "../training/protocol.js";

export type RunConfig = NonNullable<RunSpec["config"]>;

/** Emits "input" when the reader changes the configuration. */
export type ConfigControl = HTMLElement & Pick<Control<RunConfig>, "value">;

/** The miniature's choices or the paper's. */
export function choicesSelect(): ConfigControl {
  const node = select<"miniature" | "paper">({
    label: "choices",
    value: "miniature",
    choices: [
      {value: "miniature", label: "the miniature’s"},
      {value: "paper", label: "the paper’s"}
    ]
  });
  const input = node.querySelector("select")!;
  return extend(node as HTMLElement, {
    get value(): RunConfig {
      return input.value === "paper" ? {choices: "paper"} : {};
    },
    set value({choices}: RunConfig) {
      input.value = choices === "paper" ? "paper" : "miniature";
    }
  });
}

/** Whether two configurations are the same run's. */
export function sameConfig(a: RunConfig, b: RunConfig): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
