// Bars made of named parts, against a line that they should not cross.

import type {Chart} from "./chart.js";
import {element} from "./dom.js";

export interface LoadPart {
  readonly name: string;
  readonly value: number;
  /** A class that gives its look. */
  readonly kind: string;
}

export interface LoadRow {
  readonly name: string;
  readonly parts: readonly LoadPart[];
  /** What is said of the whole. */
  readonly text: string;
  readonly marked?: boolean;
}

export interface LoadBarsData {
  readonly title: string;
  readonly rows: readonly LoadRow[];
  readonly limit: {readonly value: number; readonly label: string};
}

export function loadBars(data: LoadBarsData, format: (value: number) => string): Chart<LoadBarsData> {
  const title = element("p", {class: "chart-title"});
  const list = element("ol", {class: "load-rows"});
  const legend = element("ul", {class: "load-legend", "aria-hidden": true});
  const node = element("div", {class: "load-bars"}, title, list, legend);

  function update({title: text, rows, limit}: LoadBarsData): void {
    title.textContent = text;
    const totals = rows.map(({parts}) => parts.reduce((sum, {value}) => sum + value, 0));
    const most = Math.max(1.15 * limit.value, ...totals);
    node.style.setProperty("--limit", String(limit.value / most));
    node.classList.toggle("far", limit.value / most < 0.3);
    list.replaceChildren(
      ...rows.map((row) => {
        const parts = row.parts.filter(({value}) => value > 0);
        const bar = element(
          "div",
          {class: "load", role: "img", "aria-label": `${parts.map(said).join(", ")}; ${limit.label}`},
          ...parts.map(({kind, name, value}) => {
            const piece = element("span", {class: kind, title: `${name}: ${format(value)}`});
            piece.style.setProperty("--share", String(value / most));
            return piece;
          }),
          element("span", {class: "limit"}, element("span", {}, limit.label))
        );
        const head = element("p", {}, element("span", {class: "name"}, row.name), element("b", {}, row.text));
        return element("li", {class: row.marked ? "marked" : null}, head, bar);
      })
    );
    // With one bar the legend can say how much each part is; with several, only what they are.
    const kinds = new Map(rows.flatMap(({parts}) => parts.map((part) => [part.kind, part] as const)));
    legend.replaceChildren(
      ...[...kinds].map(([kind, part]) => {
        const words = rows.length === 1 ? said(part) : part.name;
        return element("li", {}, element("span", {class: kind}), element("span", {}, words));
      })
    );
  }
  function said({name, value}: Pick<LoadPart, "name" | "value">): string {
    return `${name} ${format(value)}`;
  }
  update(data);
  return Object.assign(node, {update});
}
