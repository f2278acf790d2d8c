// The seed: a whole number to type, and a button for the next one.

import {changed, element, uniqueId} from "../dom.js";
import {asControl, type Control} from "./control.js";

const largest = 2 ** 32 - 1;

export function seedField(value: number, label = "seed"): Control<number> {
  const id = uniqueId("seed");
  const input = element("input", {
    id,
    type: "number",
    min: 0,
    max: largest,
    step: 1,
    inputmode: "numeric",
    class: "narrow"
  });
  const next = element("button", {type: "button", class: "button", title: "Take the next seed"}, "+1");
  next.setAttribute("aria-label", "+1: the next seed");
  const node = element("div", {class: "field seed"}, element("label", {for: id}, label), input, next);
  let current = value;
  input.value = String(value);
  input.addEventListener("input", (event) => {
    const typed = input.valueAsNumber;
    if (Number.isInteger(typed) && typed >= 0 && typed <= largest) current = typed;
    else event.stopPropagation(); // half-typed: the value has not changed
  });
  input.addEventListener("blur", () => {
    input.value = String(current);
  });
  next.addEventListener("click", () => {
    current = current >= largest ? 0 : current + 1;
    input.value = String(current);
    changed(node);
  });
  return asControl(node, {
    get: () => current,
    set(seed: number) {
      current = seed;
      input.value = String(seed);
    },
    inputs: [input, next]
  });
}
