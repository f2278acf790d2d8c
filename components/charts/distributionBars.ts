// The most probable codes at one position: each code's patch, its probability as a bar, and what is left to the rest.

import {select} from "d3-selection";
import type {Chart, NumberArray} from "./chart.js";
import {element} from "./dom.js";
import {formatPercent} from "./format.js";
import {paintTokens} from "./pixels.js";

export interface Distribution {
  /** Codes with the largest probability, descending. */
  readonly codes: ArrayLike<number>;
  /** Their probabilities under the model, at t = 1. */
  readonly probabilities: ArrayLike<number>;
  /** Their probabilities as drawn from: after temperature, top-k and top-p. */
  readonly drawn: ArrayLike<number>;
  /** The code that was drawn. */
  readonly chosen: number;
  /** Of the distribution drawn from, in bits. */
  readonly entropy: number;
}

export interface DistributionData {
  readonly title: string;
  readonly distribution: Distribution | null;
  readonly patches: NumberArray | null;
}

export interface DistributionOptions {
  /** Rows; more codes than these are summed into the rest. */
  readonly rows?: number;
  /** Called with a code that the reader picks; without it the rows are not buttons. */
  readonly onPick?: (code: number) => void;
}

export type DistributionBars = Chart<DistributionData>;

interface Row {
  readonly code: number;
  readonly model: number;
  readonly drawn: number;
  readonly chosen: boolean;
}

export function distributionBars(data: DistributionData, options: DistributionOptions = {}): DistributionBars {
  const {rows = 8, onPick} = options;
  const title = element("p", {class: "chart-title"});
  const list = element("ol", {class: "bars"});
  const foot = element("p", {class: "chart-note"});
  const node = element("div", {class: "distribution", role: "group"}, title, list, foot);

  function update({title: text, distribution, patches}: DistributionData): void {
    title.textContent = text;
    node.setAttribute("aria-label", text);
    node.classList.toggle("empty", distribution === null);
    const shown = distribution === null ? [] : rowsOf(distribution, rows);
    draw(shown, patches);
    foot.textContent = distribution === null ? "" : note(shown, distribution);
  }

  function draw(shown: readonly Row[], patches: NumberArray | null): void {
    const items = select(list)
      .selectAll<HTMLLIElement, Row>("li")
      .data(shown)
      .join((enter) => enter.append(() => rowNode(onPick !== undefined)));
    items.classed("chosen", (row) => row.chosen);
    items.each(function ({code, model, drawn, chosen}) {
      const [canvas, name, track] = (onPick ? this.firstElementChild! : this).children;
      const number = track!.firstElementChild;
      if (patches !== null) paintTokens(canvas as HTMLCanvasElement, [code], 1, patches);
      name!.textContent = String(code);
      const style = (track as HTMLElement).style;
      style.setProperty("--drawn", String(drawn));
      style.setProperty("--model", String(model));
      number!.textContent = formatPercent(drawn);
      const own = model === drawn ? "" : `; the model's own probability ${formatPercent(model)}`;
      this.title = `code ${code}: ${formatPercent(drawn)}${chosen ? ", drawn" : ""}${own}${onPick ? "; click to put it here" : ""}`;
    });
  }
  if (onPick) {
    list.addEventListener("click", (event) => {
      const item = (event.target as Element).closest("li");
      if (item) onPick((select(item).datum() as Row).code);
    });
  }
  update(data);
  return Object.assign(node, {update});
}

function rowNode(button: boolean): HTMLLIElement {
  const parts = [
    element("canvas", {class: "pixels patch", width: 1, height: 1, "aria-hidden": true}),
    element("span", {class: "code"}),
    element("span", {class: "track"}, element("span", {class: "number"}))
  ];
  return element("li", {}, ...(button ? [element("button", {type: "button"}, ...parts)] : parts));
}

/** The first rows; a drawn code outside them takes the last row, so that what was drawn is always seen. */
function rowsOf({codes, probabilities, drawn, chosen}: Distribution, rows: number): Row[] {
  const all = Array.from({length: codes.length}, (_, i) => ({
    code: codes[i] as number,
    model: probabilities[i] as number,
    drawn: drawn[i] as number,
    chosen: codes[i] === chosen
  }));
  const shown = all.slice(0, rows);
  const found = all.findIndex((row) => row.chosen);
  if (found >= rows) shown[rows - 1] = all[found]!;
  return shown;
}

function note(shown: readonly Row[], {entropy, chosen}: Distribution): string {
  const rest = Math.max(0, 1 - shown.reduce((sum, row) => sum + row.drawn, 0));
  const missing = chosen >= 0 && !shown.some((row) => row.chosen) ? ` (code ${chosen}, drawn, is among them)` : "";
  return `all other codes ${formatPercent(rest < 5e-4 ? 0 : rest)}${missing} · entropy ${entropy.toFixed(1)} bits`;
}
