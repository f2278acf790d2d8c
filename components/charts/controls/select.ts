// A choice among few named values.

import {type Child, element, extend, setAttributes, uniqueId} from "../dom.js";
import {asControl, type Control} from "./control.js";

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectOptions<Value extends string> {
  readonly label: Exclude<Child, null | undefined>;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
}

export interface Select<Value extends string> extends Control<Value> {
  /** Replaces the choices; the value stays if it is among them. */
  setChoices(choices: readonly Choice<Value>[]): void;
}

export function select<Value extends string>({label, choices, value}: SelectOptions<Value>): Select<Value> {
  const id = uniqueId("select");
  const input = element("select", {id});
  const node = element("div", {class: "select"}, element("label", {for: id}, label), input);
  function setChoices(next: readonly Choice<Value>[]): void {
    const current = input.value;
    input.replaceChildren(
      ...next.map((choice) => {
        const option = element("option", {value: choice.value}, choice.label);
        setAttributes(option, {disabled: choice.disabled ?? false});
        return option;
      })
    );
    if (next.some((choice) => choice.value === current)) input.value = current;
  }
  setChoices(choices);
  input.value = value;
  const control = asControl<Value>(node, {
    get: () => input.value as Value,
    set(next: Value) {
      input.value = next;
    },
    inputs: [input]
  });
  return extend(control, {setChoices});
}
