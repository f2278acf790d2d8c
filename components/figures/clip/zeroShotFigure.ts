// Zero-shot classification: an image that the reader draws, named by prompts that the reader types.

import {example} from "../../../data/scenes/splits.js";
import {button} from "../../charts/controls/button.js";
import {select} from "../../charts/controls/select.js";
import {element, uniqueId} from "../../charts/dom.js";
import {formatPercent} from "../../charts/format.js";
import {pixelPad} from "../../charts/pixelPad.js";
import {rankedBars} from "../../charts/rankedBars.js";
import {choiceSetting, numberSetting, pageSettings, textSetting} from "../../notebook/settings.js";
import type {Size} from "../../training/protocol.js";
import {pairPrompts} from "../../training/zeroShot.js";
import {sentence} from "../drawer.js";
import {figure} from "../figure.js";
import {debounced, nearScreen} from "../redraw.js";
import * as scenes from "../scenes.js";
import {softmaxRows} from "./similarity.js";
import type {ClipSources} from "./sources.js";

const size: Size = "xs";
/** Bars shown; the rest is summed. */
const most = 12;

const prompts = {
  pairs: () => pairPrompts(size).map(({prompt}) => prompt),
  colours: () => [...new Set(pairPrompts(size).map(({colour}) => `a ${colour} thing`))],
  shapes: () => [...new Set(pairPrompts(size).map(({shape}) => `a ${shape}`))]
} as const;

const splits = {held: "iid", never: "colourShape"} as const;
type Kind = keyof typeof splits;

export function zeroShotFigure(clips: ClipSources): HTMLElement {
  const settings = pageSettings({
    prompts: choiceSetting<"own" | keyof typeof prompts>("pairs", ["pairs", "colours", "shapes", "own"]),
    own: textSetting("", {maxLength: 400}),
    scene: choiceSetting<Kind>("never", ["never", "held"]),
    place: numberSetting(0, {min: 0, max: 9999, integer: true})
  });
  const pixels = scenes.exampleImage(size).shape[1]!;
  const pad = pixelPad({size: pixels, palette: scenes.paints(size), label: "An image to be named"});
  const id = uniqueId("prompts");
  const text = element("textarea", {id, rows: 8, maxlength: 2000, spellcheck: "false"});
  const preset = select<"own" | keyof typeof prompts>({
    label: "prompts",
    value: settings.values.prompts,
    choices: [
      {value: "pairs", label: "all colours and shapes"},
      {value: "colours", label: "colours"},
      {value: "shapes", label: "shapes"},
      {value: "own", label: "my own"}
    ]
  });
  const seen = button("A held-back scene");
  const unseen = button("A pair never seen", {hint: "Its colour and shape were never together in training"});
  const whose = clips.choice();
  const bars = rankedBars({title: "", rows: []});
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const node = figure(
    {kind: "stack clip-figure zero-shot", label: "Name an image by prompts"},
    element(
      "div",
      {class: "zero-shot-columns"},
      element("div", {}, pad, element("div", {class: "pad-actions"}, seen, unseen)),
      element(
        "div",
        {class: "zero-shot-prompts"},
        preset,
        element("label", {for: id, class: "panel-label"}, "prompts, one a line"),
        element("div", {class: "field"}, text),
        whose
      ),
      element("div", {}, bars, told)
    ),
    element(
      "figcaption",
      {},
      "softmax of the scaled cosines of the image with each prompt. The bars answer which of these, never whether any: they sum to one even if no prompt fits."
    )
  );
  let shownScene = "";
  let asked = 0;
  const next: Record<Kind, number> = {held: 0, never: 0};

  function lines(): string[] {
    return text.value
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .slice(0, 64);
  }
  async function name(): Promise<void> {
    const mine = ++asked;
    const wanted = lines();
    if (wanted.length === 0) {
      bars.update({title: "Type a prompt.", rows: []});
      return;
    }
    try {
      const clip = await clips.open(size, whose.value);
      const {imageToText, scale} = await clip.compare(wanted, pad.value);
      if (mine !== asked) return;
      const chances = softmaxRows(imageToText.data, wanted.length, scale);
      const order = Array.from(wanted.keys()).sort((a, b) => chances[b]! - chances[a]!);
      const rest = order.slice(most);
      bars.update({
        title: `which of ${wanted.length} prompts, at scale ${scale.toFixed(1)}`,
        rows: order.slice(0, most).map((i, place) => ({
          name: wanted[i]!,
          value: chances[i]!,
          text: formatPercent(chances[i]!),
          marked: place === 0
        }))
      });
      const left = rest.reduce((sum, i) => sum + chances[i]!, 0);
      const others = rest.length === 0 ? "" : ` The other ${rest.length} have ${formatPercent(left)} together.`;
      told.textContent = `${shownScene}${others}`;
      told.classList.remove("problem");
    } catch (error) {
      if (mine !== asked) return;
      told.textContent = sentence(error);
      told.classList.add("problem");
    }
  }
  /** The first scene with one object, from this place on. */
  function take(kind: Kind, from: number): void {
    let place = from;
    let found = example(size, splits[kind], place);
    while (found.scene.objects.length !== 1) found = example(size, splits[kind], ++place);
    next[kind] = place + 1;
    settings.set({scene: kind, place});
    const {colour, shape} = found.scene.objects[0]!;
    pad.value = {shape: [1, pixels, pixels, 3], data: found.image()};
    const never = kind === "held" ? "" : ", which no training image holds";
    shownScene = `The scene is “${found.caption}”: a ${colour} ${shape}${never}.`;
    void name();
  }
  function fill(): void {
    if (preset.value !== "own") text.value = prompts[preset.value]().join("\n");
    keep();
    void name();
  }
  function keep(): void {
    settings.set({prompts: preset.value, own: preset.value === "own" ? lines().join("|").slice(0, 400) : ""});
  }
  const soon = debounced(() => void name(), 120);
  pad.addEventListener("input", () => {
    shownScene = "";
    soon();
  });
  text.addEventListener("input", () => {
    preset.value = "own";
    keep();
    soon();
  });
  preset.addEventListener("input", fill);
  whose.addEventListener("input", () => void name());
  seen.addEventListener("click", () => take("held", next.held));
  unseen.addEventListener("click", () => take("never", next.never));
  const {prompts: first, own, scene, place} = settings.values;
  text.value = (first === "own" ? own.split("|") : prompts[first]()).join("\n");
  void nearScreen(node).then(() => take(scene, place));
  return node;
}
