// A hyper-parameter's schedule with the present step on it. The point can be dragged: its value then holds until it is
// given back to the schedule.

import {scaleLinear, scaleLog} from "d3-scale";
import {create} from "d3-selection";
import {line} from "d3-shape";
import {type Chart, drawAtWidth} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {formatNumber} from "./format.js";

export interface ScheduleData {
  /** The schedule at evenly spaced steps from 0 to totalSteps; empty while unknown. */
  readonly schedule: ArrayLike<number>;
  readonly step: number;
  readonly totalSteps: number;
}

export interface ScheduleOptions {
  readonly symbol?: string;
  readonly symbolName?: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly scale?: "linear" | "log";
  readonly height?: number;
  readonly format?: (value: number) => string;
}

/** Emits "input" as the reader drags; `value` is the override, or null while the schedule decides. */
export interface ScheduleCurve extends Chart<ScheduleData> {
  value: number | null;
}

export function scheduleCurve(data: ScheduleData, options: ScheduleOptions): ScheduleCurve {
  const {symbol, symbolName, label, min, max, scale = "linear", height = 84, format = formatNumber} = options;
  const pad = 11;
  const y = (scale === "log" ? scaleLog() : scaleLinear())
    .domain([min, max])
    .range([height - pad, pad])
    .clamp(true);
  const name = element(
    "span",
    {class: "slider-name"},
    symbol ? element("i", {class: "symbol", "data-symbol": symbolName}, symbol) : null,
    symbol ? ` ${label}` : label
  );
  const output = element("output", {class: "slider-value"});
  const back = element("button", {type: "button", class: "link-button"}, "back to schedule");
  const svg = create("svg:svg").attr("class", "schedule").attr("height", height);
  const future = svg.append("path").attr("class", "future");
  const past = svg.append("path").attr("class", "past");
  const held = svg.append("line").attr("class", "held");
  const point = svg
    .append("circle")
    .attr("r", 8)
    .attr("tabindex", 0)
    .attr("role", "slider")
    .attr("aria-orientation", "vertical")
    .attr("aria-label", label)
    .attr("aria-valuemin", min)
    .attr("aria-valuemax", max);
  const node = element(
    "div",
    {class: "schedule-curve", role: "group", "aria-label": `${label}: schedule`},
    element("div", {class: "schedule-head"}, name, output),
    svg.node(),
    back
  );
  let {schedule, step, totalSteps} = data;
  let value: number | null = null;

  const scheduled = () => {
    if (schedule.length === 0) return min;
    const at = (Math.min(step, totalSteps) / Math.max(1, totalSteps)) * (schedule.length - 1);
    return schedule[Math.round(at)]!;
  };
  const redraw = drawAtWidth(node, 220, (width) => {
    const x = scaleLinear([0, totalSteps], [pad, width - pad]).clamp(true);
    const path = line<number>()
      .x((i) => Math.round(x((i / Math.max(1, schedule.length - 1)) * totalSteps) * 10) / 10)
      .y((i) => Math.round(y(Math.max(min, schedule[i]!)) * 10) / 10);
    const points = Array.from({length: schedule.length}, (_, i) => i);
    const now = Math.round((step / Math.max(1, totalSteps)) * (schedule.length - 1));
    const shown = value ?? scheduled();
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    future.attr("d", path(points.slice(Math.max(0, now))));
    past.attr("d", path(points.slice(0, now + 1)));
    held
      .attr("display", value === null ? "none" : null)
      .attr("x1", x(step))
      .attr("x2", width - pad)
      .attr("y1", y(shown))
      .attr("y2", y(shown));
    point
      .attr("cx", x(step))
      .attr("cy", y(shown))
      .attr("aria-valuenow", shown)
      .attr("aria-valuetext", `${format(shown)}${value === null ? ", as scheduled" : ", held"}`);
    output.textContent = schedule.length === 0 && value === null ? "–" : format(shown);
    back.hidden = value === null;
  });
  function hold(next: number | null): void {
    value = next === null ? null : Number(Math.min(max, Math.max(min, next)).toPrecision(3));
    redraw();
    changed(node);
  }
  const handle = point.node()!;
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
    handle.focus();
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = svg.node()!.getBoundingClientRect();
    hold(y.invert(((event.clientY - box.top) / box.height) * height));
  });
  handle.addEventListener("keydown", (event) => {
    const up = event.key === "ArrowUp" || event.key === "ArrowRight";
    const down = event.key === "ArrowDown" || event.key === "ArrowLeft";
    if (up || down) hold(y.invert(y(value ?? scheduled()) + (up ? -4 : 4)));
    else if (event.key === "Home") hold(min);
    else if (event.key === "End") hold(max);
    else if (event.key === "Escape" || event.key === "Delete") hold(null);
    else return;
    event.preventDefault();
  });
  back.addEventListener("click", () => {
    handle.focus();
    hold(null);
  });
  return extend(node, {
    update(next: ScheduleData) {
      ({schedule, step, totalSteps} = next);
      redraw();
    },
    get value() {
      return value;
    },
    set value(next: number | null) {
      value = next;
      redraw();
    }
  });
}
