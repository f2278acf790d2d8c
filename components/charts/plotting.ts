// What charts with axes share.

import type {ScaleLinear} from "d3-scale";
import type {Selection} from "d3-selection";

export interface Levels {
  /** A value's height in the chart. */
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly format: (value: number) => string;
}

/** Level lines at these values, each with its value at the left. */
export function drawLevels(
  frame: Selection<SVGGElement, undefined, null, undefined>,
  values: readonly number[],
  {y, left, right, format}: Levels
): void {
  frame
    .selectAll<SVGGElement, number>("g.y")
    .data(values)
    .join((enter) => {
      const level = enter.append("g").attr("class", "y");
      level.append("line");
      level.append("text").attr("text-anchor", "end").attr("dy", "0.35em");
      return level;
    })
    .attr("transform", (value) => `translate(0 ${tenth(y(value))})`)
    .each(function (value) {
      const [rule, text] = this.children;
      rule!.setAttribute("x1", String(left));
      rule!.setAttribute("x2", String(tenth(right)));
      text!.setAttribute("x", String(left - 6));
      text!.textContent = format(value);
    });
}

/** Coordinates to a tenth of a pixel: more digits would only make the document longer. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Moves labels apart to at least `gap`, keeping their order, within [top, bottom]. */
export function spread(places: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const out = [...places];
  let previous = top - gap;
  for (const i of order) {
    out[i] = Math.max(places[i]!, previous + gap);
    previous = out[i]!;
  }
  let next = bottom + gap;
  for (const i of order.reverse()) {
    out[i] = Math.min(out[i]!, next - gap);
    next = out[i]!;
  }
  return out;
}

/** About five ticks of a horizontal axis, fewer where their labels would touch. */
export function fittingTicks(x: ScaleLinear<number, number>, format: (value: number) => string): number[] {
  const [left, right] = x.range() as [number, number];
  for (let count = 5; count > 1; --count) {
    const ticks = x.ticks(count);
    const widest = 7.4 * Math.max(...ticks.map((tick) => format(tick).length)) + 12;
    if ((right - left) / Math.max(1, ticks.length - 1) >= widest) return ticks;
  }
  return x.ticks(1);
}
