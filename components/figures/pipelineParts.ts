// What the opened pipeline is put together from: numbered steps with panels, and its settings in the page's address.

import {element} from "../charts/dom.js";
import {numberSetting, textSetting} from "../notebook/settings.js";
import {tokensSetting} from "./tokensAddress.js";

/** Of a grid with so many rows; `caption` is the one that it opens with. */
export function pipelineSettings(caption: string, rows: number) {
  return {
    caption: textSetting(caption, {maxLength: 200}),
    // 1 is one of the quarter of seeds at which XS draws the first suggestion wrong
    seed: numberSetting(2, {min: 0, max: 2 ** 32 - 1, integer: true}),
    rows: numberSetting(0, {min: 0, max: rows, integer: true}),
    tokens: tokensSetting
  };
}

/** A line for the reader, if the address is wrong somewhere. */
export function problemsOf(problems: readonly string[]): HTMLElement[] {
  return problems.length === 0 ? [] : [element("p", {class: "message problem", role: "status"}, problems.join(" "))];
}

export function panel(kind: string, ...children: Node[]): HTMLElement {
  return element("div", {class: `panel ${kind}`}, ...children);
}

export function step(number: string, title: string, ...children: Node[]): HTMLElement {
  return element(
    "section",
    {class: "pipeline-step"},
    element("h3", {class: "figure-title"}, element("span", {class: "step-number"}, number), ` ${title}`),
    ...children
  );
}
