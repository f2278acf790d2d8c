// Which codes are in use as training goes: a row for each code, the most used at last on top; a column for each look.

import {type Chart, drawAtWidth} from "./chart.js";
import {colourOf, onScheme} from "./colour.js";
import {element} from "./dom.js";
import {perplexity} from "./usageBars.js";

export interface UsageColumn {
  readonly step: number;
  /** How often each code was chosen. */
  readonly counts: ArrayLike<number>;
}

export interface UsageHistoryOptions {
  readonly height?: number;
}

export function usageHistory(
  data: readonly UsageColumn[],
  {height = 168}: UsageHistoryOptions = {}
): Chart<readonly UsageColumn[]> {
  const canvas = element("canvas", {class: "pixels", role: "img", width: 1, height: 1});
  canvas.style.height = `${height}px`;
  const title = element("p", {class: "chart-title"}, "codes in use over time");
  const note = element("p", {class: "chart-note"});
  const node = element("div", {class: "chart usage-history"}, title, canvas, note);
  let columns = data;

  const redraw = drawAtWidth(node, 340, () => {
    const last = columns.at(-1);
    const words = spoken(columns);
    note.textContent = words;
    canvas.setAttribute("aria-label", `codes in use over time: ${words}`);
    if (last === undefined) return;
    const codes = last.counts.length;
    const order = Array.from({length: codes}, (_, k) => k).sort((a, b) => last.counts[b]! - last.counts[a]! || a - b);
    canvas.width = columns.length;
    canvas.height = codes;
    const context = canvas.getContext("2d");
    if (context === null) return;
    const pixels = context.createImageData(columns.length, codes);
    const [r, g, b] = colourOf(node, "--codes");
    for (const [x, {counts}] of columns.entries()) {
      let total = 0;
      for (let k = 0; k < codes; ++k) total += counts[k]!;
      for (const [y, k] of order.entries()) {
        // A code with an even share, 1 / K, is at half strength; the strongest are cut off at four times that.
        const strength = Math.min(1, Math.sqrt((counts[k]! / Math.max(1, total)) * codes) / 2);
        pixels.data.set([r, g, b, Math.round(255 * strength)], (y * columns.length + x) * 4);
      }
    }
    context.putImageData(pixels, 0, 0);
  });
  onScheme(redraw);
  return Object.assign(node, {
    update(next: readonly UsageColumn[]) {
      columns = next;
      redraw();
    }
  });
}

function spoken(columns: readonly UsageColumn[]): string {
  const [first, last] = [columns[0], columns.at(-1)];
  if (first === undefined || last === undefined) return "no steps yet";
  const at = ({step, counts}: UsageColumn) => `${perplexity(counts).toFixed(1)} at step ${step}`;
  return columns.length === 1 ? `perplexity ${at(last)}` : `perplexity ${at(first)}, ${at(last)}`;
}
