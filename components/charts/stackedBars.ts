// Rows of bars over the same K codes, one above the other: logits, noise, and what comes of them. The first row can be
// dragged, or moved by arrow keys.

import {scaleLinear} from "d3-scale";
import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {formatNumber} from "./format.js";
import {tenth} from "./plotting.js";

export interface BarRow {
  readonly label: string;
  /** The row shows this symbol of the paper: the value of data-symbol. */
  readonly symbol?: string;
  readonly values: ArrayLike<number>;
  /** The ends of its axis. */
  readonly range: readonly [number, number];
  /** A class that gives the colour. */
  readonly kind?: string;
  /** A second value to mark on each bar, e.g. the probability that the bar is a draw from. */
  readonly marks?: ArrayLike<number>;
}

export interface StackedBarsData {
  readonly rows: readonly BarRow[];
  /** The code whose bars stand out, with the word for it: "arg max". */
  readonly chosen: number | null;
}

export interface StackedBarsOptions {
  readonly label: string;
  /** What the reader may set: the first row's values, within its range. */
  readonly name: string;
}

/** Emits "input" as the reader moves a bar of the first row; `value` is that row. */
export interface StackedBars extends Chart<StackedBarsData> {
  readonly value: Float64Array;
}

// Four rows and a control bar above them fit a projector’s first screen.
const rowHeight = 60;
const room = 20;

export function stackedBars(data: StackedBarsData, {label, name}: StackedBarsOptions): StackedBars {
  const svg = create("svg:svg").attr("class", "stacked-bars").attr("role", "group").attr("aria-label", label);
  const node = element("div", {class: "chart"}, svg.node());
  let shown = data;
  let value = Float64Array.from(data.rows[0]?.values ?? []);
  let toValue: (y: number) => number = (y) => y;
  let toCode: (x: number) => number = () => 0;

  const redraw = drawAtWidth(node, 560, (width) => {
    const {rows, chosen} = shown;
    const height = rows.length * (rowHeight + room);
    const count = rows[0]?.values.length ?? 0;
    const x = scaleLinear([0, Math.max(1, count)], [0, width]);
    const gap = width / Math.max(1, count) > 8 ? 2 : 1;
    toCode = (px) => Math.max(0, Math.min(count - 1, Math.floor(x.invert(px))));
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
    const groups = svg
      .selectAll<SVGGElement, BarRow>("g.row")
      .data(rows)
      .join((enter) => {
        const group = enter.append("g").attr("class", "row");
        group.append("text").attr("class", "label").attr("y", 13);
        group.append("line").attr("class", "base");
        return group;
      })
      .attr("transform", (_, i) => `translate(0 ${i * (rowHeight + room)})`);
    groups.each(function (row, i) {
      const y = scaleLinear(row.range, [room + rowHeight - 6, room]).clamp(true);
      if (i === 0) toValue = (py) => y.invert(py);
      const zero = y(Math.max(row.range[0], Math.min(row.range[1], 0)));
      const [text, base] = this.children;
      text!.textContent = row.label;
      if (row.symbol !== undefined) this.dataset.symbol = row.symbol;
      base!.setAttribute("x2", String(width));
      base!.setAttribute("y1", String(tenth(zero)));
      base!.setAttribute("y2", String(tenth(zero)));
      draw(this, row, i, {x, y, zero, gap, chosen});
    });
  });

  function draw(
    group: SVGGElement,
    row: BarRow,
    index: number,
    at: {x: (k: number) => number; y: (v: number) => number; zero: number; gap: number; chosen: number | null}
  ): void {
    const {x, y, zero, gap, chosen} = at;
    const count = row.values.length;
    const bars = children(group, "rect", count);
    const marks = children(group, "path", row.marks === undefined ? 0 : count);
    for (const [k, bar] of bars.entries()) {
      const v = row.values[k]!;
      const top = Math.min(y(v), zero);
      bar.setAttribute("class", `${row.kind ?? ""}${k === chosen ? " chosen" : ""}`.trim());
      bar.setAttribute("x", String(tenth(x(k) + gap / 2)));
      bar.setAttribute("width", String(tenth(Math.max(1, x(k + 1) - x(k) - gap))));
      bar.setAttribute("y", String(tenth(top)));
      bar.setAttribute("height", String(tenth(Math.max(1, Math.abs(y(v) - zero)))));
      if (index === 0) {
        bar.setAttribute("role", "slider");
        bar.setAttribute("tabindex", "0");
        bar.setAttribute("aria-orientation", "vertical");
        bar.setAttribute("aria-label", `${name} ${k + 1}`);
        bar.setAttribute("aria-valuemin", String(row.range[0]));
        bar.setAttribute("aria-valuemax", String(row.range[1]));
        bar.setAttribute("aria-valuenow", v.toFixed(2));
        bar.setAttribute("aria-valuetext", formatNumber(Number(v.toFixed(2))));
        (bar as SVGElement).dataset.code = String(k);
      }
    }
    for (const [k, mark] of marks.entries()) {
      const level = tenth(y(row.marks![k]!));
      mark.setAttribute("class", "mark");
      mark.setAttribute("d", `M${tenth(x(k) + gap / 2)} ${level}H${tenth(x(k + 1) - gap / 2)}`);
    }
  }

  function set(code: number, to: number): void {
    const [low, high] = shown.rows[0]!.range;
    value = Float64Array.from(shown.rows[0]!.values);
    value[code] = Math.max(low, Math.min(high, Math.round(to * 20) / 20));
    changed(node);
  }
  let dragging = false;
  const inFirst = (event: PointerEvent) => event.clientY - node.getBoundingClientRect().top < rowHeight + room;
  function drag(event: PointerEvent): void {
    const {left, top} = node.getBoundingClientRect();
    set(toCode(event.clientX - left), toValue(event.clientY - top));
  }
  node.addEventListener("pointerdown", (event) => {
    if (!inFirst(event) || event.pointerType === "touch") return;
    dragging = true;
    node.setPointerCapture?.(event.pointerId);
    drag(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (dragging) drag(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    node.addEventListener(end, () => {
      dragging = false;
    });
  }
  node.addEventListener("click", (event) => {
    if (event.pointerType === "touch" && inFirst(event)) drag(event);
  });
  node.addEventListener("keydown", (event) => {
    const code = Number((event.target as SVGElement).dataset?.code ?? -1);
    if (code < 0) return;
    const [low, high] = shown.rows[0]!.range;
    const now = shown.rows[0]!.values[code]!;
    const steps: Record<string, number> = {
      ArrowUp: now + 0.25,
      ArrowRight: now + 0.25,
      ArrowDown: now - 0.25,
      ArrowLeft: now - 0.25,
      Home: low,
      End: high
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(code, to);
  });
  return extend(node, {
    update(next: StackedBarsData) {
      shown = next;
      redraw();
    },
    get value() {
      return value;
    }
  });
}

/** So many children of this tag, kept in place. */
function children(group: SVGGElement, tag: "rect" | "path", count: number): Element[] {
  const found = [...group.querySelectorAll(tag)];
  while (found.length < count)
    found.push(group.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag)));
  for (const extra of found.splice(count)) extra.remove();
  return found;
}
