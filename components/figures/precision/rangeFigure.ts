// Which gradients a format can hold: those of every resblock of a trained miniature, on the line of its numbers.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {rangeRows} from "../../charts/rangeRows.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import {edgesOf, type FormatName, floatFormats, largestShift} from "../../training/floatFormat.js";
import {figure} from "../figure.js";
import {type Census, censusRow, formatChoices, formatNames, power, rowOf, scaleRange, scaleTicks} from "./shared.js";

/** What the range figure shows, for questions about it. */
export type RangeFigure = HTMLElement & {readonly census: Census};

export function rangeFigure(census: Census): RangeFigure {
  const settings = pageSettings({
    format: choiceSetting<FormatName>("fp16", formatNames),
    scale: numberSetting(-12, {...scaleRange, integer: true}),
    own: choiceSetting<"one" | "each">("one", ["one", "each"])
  });
  const format = select<FormatName>({label: "format", value: settings.values.format, choices: formatChoices});
  const own = select<"one" | "each">({
    label: "scales",
    value: settings.values.own,
    choices: [
      {value: "one", label: "one for all resblocks"},
      {value: "each", label: "one for each resblock"}
    ]
  });
  const scale = slider({
    symbol: "s",
    label: "scale of the gradients",
    ...scaleRange,
    step: 1,
    value: settings.values.scale,
    ticks: scaleTicks,
    format: power
  });
  const chart = rangeRows(
    {rows: [], edges: edgesOf(floatFormats.fp16)},
    {title: "activation gradients of each resblock × s, by size", domain: [-48, 24]}
  );
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  function update(): void {
    const held = floatFormats[format.value];
    const each = own.value === "each";
    const rows = census.blocks.map((_, i) => {
      const {counts, first} = censusRow(census, i);
      const shift = each ? largestShift(counts, first, held) : scale.value;
      return rowOf(census, i, shift, held, each ? `, ${power(shift)}` : "");
    });
    chart.update({rows, edges: edgesOf(held)});
    scale.classList.toggle("unused", each);
    const starving = rows.filter(({mark}) => mark === "lost").length;
    const over = rows.filter(({mark}) => mark === "overflow").length;
    told.textContent =
      `${each ? "Each resblock at its own scale" : `s = ${power(scale.value)}`} in ${format.value}: ` +
      `${starving} of ${rows.length} resblocks lose half of their gradients or more (✕), ${over} overflow (▲).`;
    settings.set({format: format.value, scale: scale.value, own: own.value});
  }
  for (const control of [format, scale, own]) control.addEventListener("input", update);
  update();
  const node = figure(
    {kind: "stack precision-figure", label: "Gradients and the range of a format"},
    element("div", {class: "precision-controls"}, format, own, scale),
    told,
    chart,
    element(
      "figcaption",
      {},
      `Real gradients: a prior of ${census.blocks.length / 2} layers after ${census.step} updates in float32, seed ` +
        `${census.seed}. Every layer has two resblocks, attention and MLP. Hollow bars become 0, pale ones lose digits, ` +
        "striped ones overflow. With a scale for each resblock, each has the largest power of two that overflows nowhere."
    )
  );
  return Object.assign(node, {census});
}
