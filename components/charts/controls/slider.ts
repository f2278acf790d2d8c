// A slider with its symbol, its value and ticks worth choosing, linear or logarithmic.

import {element, uniqueId} from "../dom.js";
import {formatNumber} from "../format.js";
import {asControl, type Control} from "./control.js";

export interface SliderTick {
  readonly value: number;
  readonly label?: string;
}

export interface SliderOptions {
  /** The paper's symbol, e.g. "τ". */
  readonly symbol?: string;
  /** Its name in the formulas, so that pointing at one lights the other, e.g. "tau". */
  readonly symbolName?: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly scale?: "linear" | "log";
  /** Values are multiples of this; continuous if absent. */
  readonly step?: number;
  readonly ticks?: readonly (number | SliderTick)[];
  readonly format?: (value: number) => string;
  /** Longer explanation, shown on hover. */
  readonly hint?: string;
}

const positions = 1000;

export function slider(options: SliderOptions): Control<number> {
  const {
    symbol,
    symbolName,
    label,
    min,
    max,
    scale = "linear",
    step,
    ticks = [],
    format = formatNumber,
    hint
  } = options;
  if (!(max > min)) throw new Error(`slider: expected max > min, got min ${min} and max ${max}`);
  if (scale === "log" && min <= 0) throw new Error(`slider: expected min > 0 on a log scale, got ${min}`);
  const id = uniqueId("slider");
  // Where a linear slider has few steps, the input's own steps are the values, and an arrow key moves by one of them.
  const whole = scale === "linear" && step !== undefined;
  const input = element("input", {
    id,
    type: "range",
    min: whole ? min : 0,
    max: whole ? max : positions,
    step: whole ? step : 1
  });
  const output = element("output", {for: id, class: "slider-value"});
  const sign = symbol ? element("i", {class: "symbol", "data-symbol": symbolName}, symbol) : null;
  const text = element("label", {for: id, class: "slider-name"}, sign, sign ? ` ${label}` : label);
  const node = element("div", {class: "slider", title: hint}, text, output, input);
  let value = options.value;

  const fraction = (v: number) => (scale === "log" ? Math.log(v / min) / Math.log(max / min) : (v - min) / (max - min));
  const valueAt = (f: number) => (scale === "log" ? min * (max / min) ** f : min + f * (max - min));
  function show(): void {
    const clamped = Math.min(max, Math.max(min, value));
    input.value = String(whole ? clamped : Math.round(fraction(clamped) * positions));
    describe();
  }
  function describe(): void {
    const written = format(value);
    output.textContent = written;
    input.setAttribute("aria-valuetext", `${symbol ? `${symbol} = ` : ""}${written}`);
    input.style.setProperty("--fill", String(fraction(Math.min(max, Math.max(min, value)))));
  }
  input.addEventListener("input", () => {
    if (whole) value = input.valueAsNumber;
    else {
      const raw = valueAt(input.valueAsNumber / positions);
      value = step === undefined ? Number(raw.toPrecision(3)) : Math.round(raw / step) * step;
      const near = ticks.map(tickValue).find((tick) => Math.abs(fraction(tick) - fraction(value)) < 0.015);
      if (near !== undefined) value = near; // ticks attract
    }
    describe();
  });
  if (ticks.length > 0) {
    const marks = ticks.map((tick) => {
      const mark = element("span", {}, (typeof tick === "number" ? undefined : tick.label) ?? format(tickValue(tick)));
      const at = fraction(tickValue(tick));
      mark.style.setProperty("--at", String(at));
      if (at === 0 || at === 1) mark.className = at === 0 ? "first" : "last"; // long words there stay within the figure
      return mark;
    });
    node.append(element("div", {class: "ticks", "aria-hidden": true}, ...marks));
  }
  show();
  return asControl(node, {
    get: () => value,
    set(next: number) {
      value = next;
      show();
    },
    inputs: [input]
  });
}

function tickValue(tick: number | SliderTick): number {
  return typeof tick === "number" ? tick : tick.value;
}
