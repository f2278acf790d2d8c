// One number on its way through a format: multiplied by the scale, stored, divided by the scale again.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import {bitsOf, type Fate, type FormatName, fateOf, floatFormats, roundTo} from "../../training/floatFormat.js";
import {figure} from "../figure.js";
import {formatChoices, formatNames, power, raised, scaleRange, scaleTicks} from "./shared.js";

const fates: Readonly<Record<Fate, string>> = {
  zero: "It becomes 0: an underflow. Whatever is multiplied by it on the way back is lost.",
  subnormal: "It is subnormal: the exponent can go no lower, and leading zeros take the place of digits.",
  normal: "It is in range: the error is at most half of the last digit.",
  infinite: "It becomes ∞: an overflow, and ∞ − ∞ or 0 · ∞ give what is no number soon after."
};

export function numberFigure(): HTMLElement {
  const settings = pageSettings({
    number: numberSetting(3e-7, {min: -1e9, max: 1e9}),
    through: choiceSetting<FormatName>("fp16", formatNames),
    times: numberSetting(0, {...scaleRange, integer: true})
  });
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const format = select<FormatName>({label: "format", value: settings.values.through, choices: formatChoices});
  const typed = element("input", {
    type: "text",
    inputmode: "decimal",
    "aria-label": "The number",
    value: String(settings.values.number)
  });
  const size = slider({
    symbol: "x",
    label: "size of the number",
    min: -40,
    max: 20,
    step: 0.25,
    value: Math.min(20, Math.max(-40, Math.log2(Math.abs(settings.values.number) || 2 ** -40))),
    ticks: [
      {value: -24, label: "2⁻²⁴"},
      {value: -14, label: "2⁻¹⁴"},
      {value: 0, label: "1"},
      {value: 16, label: "2¹⁶"}
    ],
    format: (exponent) => exact(Number((2 ** exponent).toPrecision(3)))
  });
  const scale = slider({
    symbol: "s",
    label: "scale",
    ...scaleRange,
    step: 1,
    value: settings.values.times,
    ticks: scaleTicks,
    format: power
  });
  let x = settings.values.number;
  const bits = element("div", {class: "precision-bits"});
  const steps = element("dl", {class: "precision-steps"});

  function update(): void {
    const held = floatFormats[format.value];
    const s = 2 ** scale.value;
    const stored = roundTo(held, x * s);
    const back = stored / s;
    const fate = fateOf(held, x * s);
    const {sign, exponent, significand} = bitsOf(held, x * s);
    bits.replaceChildren(
      group("sign", sign),
      group(`exponent, ${exponent.length} bits`, exponent),
      group(`significand, ${significand.length} bits`, significand)
    );
    const error = x === 0 ? 0 : Math.abs(back - x) / Math.abs(x);
    const rows: [string, string][] = [
      ["x", exact(x)],
      ["× s", exact(x * s)],
      ["stored", exact(stored)],
      ["÷ s", exact(back)],
      ["relative error", Number.isFinite(error) ? `${formatNumber(100 * error)} %` : "∞"]
    ];
    steps.replaceChildren(
      ...rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)))
    );
    told.textContent = fates[fate];
    told.dataset.fate = fate;
    settings.set({number: x, through: format.value, times: scale.value});
  }
  typed.addEventListener("input", (event) => {
    event.stopPropagation();
    const value = Number(typed.value.trim().replace("−", "-"));
    const good = typed.value.trim() !== "" && Math.abs(value) <= 1e9;
    typed.setAttribute("aria-invalid", String(!good));
    if (!good) return;
    x = value;
    if (x !== 0) size.value = Math.min(20, Math.max(-40, Math.log2(Math.abs(x))));
    update();
  });
  size.addEventListener("input", () => {
    x = Number((Math.sign(x || 1) * 2 ** size.value).toPrecision(6));
    typed.value = String(x);
    typed.setAttribute("aria-invalid", "false");
    update();
  });
  for (const control of [format, scale]) control.addEventListener("input", update);
  update();
  return figure(
    {kind: "stack precision-figure precision-number", label: "One number in a format"},
    element(
      "div",
      {class: "precision-controls"},
      format,
      element("label", {class: "field precision-typed"}, "number x", typed),
      size,
      scale
    ),
    bits,
    steps,
    told
  );
}

function group(name: string, digits: string): HTMLElement {
  const boxes = Array.from(digits, (digit) => element("span", {class: digit === "1" ? "bit one" : "bit"}, digit));
  return element(
    "div",
    {class: "bits-group", role: "img", "aria-label": `${name}: ${digits}`},
    element("div", {class: "bits", "aria-hidden": true}, ...boxes),
    element("div", {class: "bits-name", "aria-hidden": true}, name)
  );
}

function exact(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "NaN";
  if (value === 0) return "0";
  const text =
    Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 ? String(Number(value.toPrecision(7))) : value.toExponential(5);
  return text.replace(/e([+-]\d+)$/, (_, exponent) => ` · 10${raised(Number(exponent))}`).replace(/^-/, "−");
}
