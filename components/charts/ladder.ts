// Amounts that differ by orders of magnitude, as bars on a logarithmic axis with their numbers.

import type {Chart} from "./chart.js";
import {element} from "./dom.js";

export interface Rung {
  readonly name: string;
  readonly value: number;
  /** What is written at the bar's end. */
  readonly text: string;
  /** A class that gives the colour, e.g. "means-codes". */
  readonly kind?: string;
}

export interface LadderOptions {
  readonly label: string;
  /** The axis begins here. */
  readonly least: number;
}

/** The list's bars are as long as the logarithms over `least`. */
export function ladder(data: readonly Rung[], {label, least}: LadderOptions): Chart<readonly Rung[]> {
  const list = element("ol", {class: "ladder", "aria-label": label});
  function update(rungs: readonly Rung[]): void {
    const most = Math.max(least * 10, ...rungs.map(({value}) => value));
    list.replaceChildren(
      ...rungs.map(({name, value, text, kind}) => {
        const bar = element("span", {class: kind === undefined ? "bar" : `bar ${kind}`});
        const length = Math.max(0, Math.log(Math.max(value, least) / least) / Math.log(most / least));
        bar.style.setProperty("--length", String(length));
        return element(
          "li",
          {},
          element("span", {class: "name"}, name),
          element("span", {class: "track"}, bar),
          element("span", {class: "amount"}, text)
        );
      })
    );
  }
  update(data);
  return Object.assign(list, {update});
}
