// What every control is: an element with a value that emits "input" when the reader changes it.

import {extend} from "../dom.js";

/** Setting `value` shows it and emits nothing. */
export type Control<Value> = HTMLElement & {value: Value; disabled: boolean};

/** Gives a node the value and disabled properties of a control. */
export function asControl<Value, Node extends HTMLElement = HTMLElement>(
  node: Node,
  access: {
    get(): Value;
    set(value: Value): void;
    /** The form controls inside. */
    readonly inputs: readonly (HTMLInputElement | HTMLSelectElement | HTMLButtonElement)[];
  }
): Node & Control<Value> {
  return extend(node, {
    get value(): Value {
      return access.get();
    },
    set value(value: Value) {
      access.set(value);
    },
    get disabled(): boolean {
      return access.inputs[0]?.disabled ?? false;
    },
    set disabled(disabled: boolean) {
      for (const input of access.inputs) input.disabled = disabled;
    }
  });
}
