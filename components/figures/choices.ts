// Whose choices a run makes, as a reader picks them and as a run's settings name them (models/choices.ts).

import {type Select, select} from "../charts/controls/select.js";
import type {RunSpec} from "../training/protocol.js";

export type Choices = "miniature" | "paper";

export function configOf(choices: Choices): NonNullable<RunSpec["config"]> {
  return choices === "paper" ? {choices} : {};
}

export function choicesOf(config: RunSpec["config"]): Choices {
  return config?.choices === "paper" ? "paper" : "miniature";
}

export function choicesSelect(): Select<Choices> {
  return select<Choices>({
    label: "choices",
    value: "miniature",
    choices: [
      {value: "miniature", label: "the miniature’s"},
      {value: "paper", label: "the paper’s"}
    ]
  });
}
