// A few named amounts as bars, largest first, each with its number; one may be marked.

import type {Chart} from "./chart.js";
import {element} from "./dom.js";

export interface RankedRow {
  readonly name: string;
  readonly value: number;
  /** The number as it is written. */
  readonly text: string;
  readonly marked?: boolean;
}

export interface RankedBarsData {
  readonly title: string;
  readonly rows: readonly RankedRow[];
}

export function rankedBars(data: RankedBarsData): Chart<RankedBarsData> {
  const title = element("p", {class: "chart-title"});
  const list = element("ol", {class: "ranked-bars"});
  const node = element("div", {class: "ranked"}, title, list);
  function update({title: text, rows}: RankedBarsData): void {
    title.textContent = text;
    const most = Math.max(0, ...rows.map(({value}) => value));
    list.replaceChildren(
      ...rows.map(({name, value, text: number, marked}) => {
        const bar = element("span", {class: "bar", "aria-hidden": true});
        bar.style.setProperty("--share", String(most > 0 ? value / most : 0));
        const row = [element("span", {class: "name"}, name), bar, element("span", {class: "number"}, number)];
        return element("li", {class: marked ? "marked" : null}, ...row);
      })
    );
  }
  update(data);
  return Object.assign(node, {update});
}
