// What a reader may choose about a VQ-VAE: its codebook, which means a new start, and the loss, which acts at once.

import type {Control} from "../../charts/controls/control.js";
import {type Choice, select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {changed, element, extend} from "../../charts/dom.js";
import {choiceSetting, numberSetting, textSetting} from "../../notebook/settings.js";
import type {Hyper} from "../../training/protocol.js";
import type {ConfigControl, RunConfig} from "../choices.js";
import {symbol} from "../symbol.js";

/** The address's names for one model's settings; two models on a page have different prefixes. */
export function addressOf<P extends string>(prefix: P, codes: number) {
  const table = {
    codes: numberSetting(codes, {min: 2, max: 512, integer: true}),
    start: choiceSetting<"kMeans" | "random">("kMeans", ["kMeans", "random"]),
    update: choiceSetting<"gradient" | "ema">("gradient", ["gradient", "ema"]),
    revive: choiceSetting<"on" | "off">("on", ["on", "off"]),
    beta: numberSetting(0.25, {min: 0.1, max: 2}),
    off: textSetting("", {maxLength: 40}),
    seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  };
  type Named = {[K in keyof typeof table as `${P}${K}`]: (typeof table)[K]};
  return Object.fromEntries(Object.entries(table).map(([name, setting]) => [`${prefix}${name}`, setting])) as Named;
}

export interface CodebookChoice {
  readonly codes: number;
  readonly start: "kMeans" | "random";
  readonly update: "gradient" | "ema";
  readonly revive: "on" | "off";
}

/** How many codes, how they start, what moves them, and whether dead ones are revived. */
export function codebookSettings(
  defaultCodes: number,
  sizes: readonly number[],
  initial: CodebookChoice
): ConfigControl {
  const counts = [...new Set([...sizes, initial.codes])].sort((a, b) => a - b);
  const codes = select<string>({
    label: element("span", {}, "codes ", symbol("codes")),
    value: String(initial.codes),
    choices: counts.map((n) => ({value: String(n), label: String(n)}))
  });
  const start = select<"kMeans" | "random">({
    label: "start",
    value: initial.start,
    choices: [
      {value: "kMeans", label: "k-means"},
      {value: "random", label: "random"}
    ]
  });
  const moved: readonly Choice<"gradient" | "ema">[] = [
    {value: "gradient", label: "gradient"},
    {value: "ema", label: "moving average"}
  ];
  const update = select<"gradient" | "ema">({label: "moved by", value: initial.update, choices: moved});
  const revive = element("input", {type: "checkbox", checked: initial.revive === "on"});
  const node = element(
    "div",
    {class: "vq-settings", role: "group", "aria-label": "Codebook: each change starts anew"},
    codes,
    start,
    update,
    element("label", {class: "check"}, revive, "revive dead codes")
  );
  revive.addEventListener("input", (event) => {
    event.stopPropagation();
    changed(node);
  });
  return extend(node, {
    get value(): RunConfig {
      return {
        ...(Number(codes.value) === defaultCodes ? {} : {codes: Number(codes.value)}),
        ...(start.value === "kMeans" ? {} : {start: start.value}),
        ...(update.value === "gradient" ? {} : {codebookUpdate: update.value}),
        ...(revive.checked ? {} : {revive: 0})
      };
    },
    set value(config: RunConfig) {
      codes.value = String(config.codes ?? defaultCodes);
      start.value = config.start === "random" ? "random" : "kMeans";
      update.value = config.codebookUpdate === "ema" ? "ema" : "gradient";
      revive.checked = config.revive !== 0;
    }
  });
}

/** The same choice as the address writes it. */
export function choiceOf(config: RunConfig, defaultCodes: number): CodebookChoice {
  return {
    codes: Number(config.codes ?? defaultCodes),
    start: config.start === "random" ? "random" : "kMeans",
    update: config.codebookUpdate === "ema" ? "ema" : "gradient",
    revive: config.revive === 0 ? "off" : "on"
  };
}

export const termNames = ["reconstruction", "codebook", "commitment"] as const;
export type TermName = (typeof termNames)[number];

export interface LossChoice {
  readonly beta: number;
  /** The terms that are switched off. */
  readonly off: readonly TermName[];
}

/** β, and a switch for each term of the loss; emits "input". */
export function lossSettings(initial: LossChoice): HTMLElement & Pick<Control<LossChoice>, "value"> {
  const beta = slider({
    symbol: "β",
    symbolName: "commitment",
    label: "commitment",
    min: 0.1,
    max: 2,
    value: initial.beta,
    scale: "log",
    ticks: [
      {value: 0.1, label: "0.1"},
      {value: 0.25, label: "0.25"},
      {value: 2, label: "2"}
    ]
  });
  const labels = ["1 reconstruction", "2 codebook", "3 commitment"];
  const boxes = termNames.map((name) => element("input", {type: "checkbox", checked: !initial.off.includes(name)}));
  const node = element(
    "div",
    {class: "vq-loss", role: "group", "aria-label": "Terms of the loss"},
    beta,
    element("span", {class: "vq-terms-label"}, "terms of the loss"),
    ...boxes.map((box, i) => element("label", {class: "check"}, box, labels[i]!))
  );
  return extend(node, {
    get value(): LossChoice {
      return {beta: beta.value, off: termNames.filter((_, i) => !boxes[i]!.checked)};
    },
    set value({beta: next, off}: LossChoice) {
      beta.value = next;
      for (const [i, box] of boxes.entries()) box.checked = !off.includes(termNames[i]!);
    }
  });
}

export function hyperOf({beta, off}: LossChoice): Hyper {
  return {
    reconstruction: off.includes("reconstruction") ? 0 : 1,
    codebook: off.includes("codebook") ? 0 : 1,
    commitment: off.includes("commitment") ? 0 : beta
  };
}

/** "codebook.commitment" in the address; what is no term is ignored. */
export function termsIn(text: string): TermName[] {
  return text.split(".").filter((name): name is TermName => (termNames as readonly string[]).includes(name));
}
