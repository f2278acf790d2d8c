// Which pattern each layer of the miniature has: a choice a layer, and patterns to start from.

import {type Select, select} from "../../charts/controls/select.js";
import {element, extend} from "../../charts/dom.js";
import {layerPatterns} from "../../training/masks.js";
import type {ConfigControl, RunConfig} from "../choices.js";

type Word = "row" | "column" | "conv" | "full";

const words: readonly Word[] = ["row", "column", "conv", "full"];
const names: Readonly<Record<Word, string>> = {row: "row", column: "column", conv: "convolution", full: "full"};

const presets = [
  {value: "paper", label: "the paper’s rule"},
  {value: "full", label: "full in every layer"},
  {value: "row", label: "row in every layer"},
  {value: "column", label: "column in every layer"},
  {value: "conv", label: "convolution in every layer"},
  {value: "own", label: "my own"}
] as const;
type Preset = (typeof presets)[number]["value"];

/** A layer's pattern for each of `layers`, as run settings; `configOf` makes those of a pattern's wording. */
export function patternEditor(layers: number, configOf: (masks: string) => RunConfig, initial: string): ConfigControl {
  const preset: Select<Preset> = select<Preset>({label: "pattern", choices: presets, value: "paper"});
  const each = Array.from({length: layers}, (_, i) =>
    select<Word>({
      label: `layer ${i + 1}`,
      choices: words.map((value) => ({value, label: names[value]})),
      value: "row"
    })
  );
  const node = element(
    "div",
    {class: "pattern-editor", role: "group", "aria-label": "Pattern of the layers"},
    preset,
    ...each
  );
  let masks = "paper";

  function show(next: string): void {
    masks = next;
    layerPatterns(next, layers).forEach((pattern, i) => {
      each[i]!.value = pattern === "convolution" ? "conv" : pattern === "dense" ? "full" : pattern;
    });
    preset.value = presets.find(({value}) => value === next)?.value ?? "own";
  }
  preset.addEventListener("input", () => {
    if (preset.value !== "own") show(preset.value);
  });
  for (const one of each) one.addEventListener("input", () => show(wordingOf(each.map(({value}) => value))));

  function wordingOf(all: readonly Word[]): string {
    const same = presets.find(
      ({value}) =>
        value !== "own" && layerPatterns(value, layers).join() === layerPatterns(all.join(","), layers).join()
    );
    return same?.value ?? all.join(",");
  }
  show(initial);
  return extend(node as HTMLElement, {
    get value(): RunConfig {
      return configOf(masks);
    },
    set value(config: RunConfig) {
      show(typeof config.masks === "string" ? config.masks : "paper");
    }
  });
}

/** A wording of the address, or undefined if it names no pattern. */
export function knownMasks(text: string, layers: number): string | undefined {
  try {
    layerPatterns(text, layers);
    return text;
  } catch {
    return undefined;
  }
}
