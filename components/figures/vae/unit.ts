// Nats or bits: the reader's choice.

import {select} from "../../charts/controls/select.js";

export type Unit = "nats" | "bits";

export function unitSelect(value: Unit) {
  return select<Unit>({
    label: "unit",
    value,
    choices: [
      {value: "nats", label: "nats"},
      {value: "bits", label: "bits"}
    ]
  });
}

/** How many of the unit a nat is. */
export function perNat(unit: Unit): number {
  return unit === "bits" ? 1 / Math.LN2 : 1;
}

export function scaled(values: ArrayLike<number>, unit: Unit): number[] {
  return Array.from(values, (value) => value * perNat(unit));
}
