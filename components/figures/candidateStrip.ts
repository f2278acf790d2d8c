// The candidates side by side, one of them chosen, each above the training image nearest to it.

import {changed, element, extend} from "../charts/dom.js";
import {formatNumber} from "../charts/format.js";
import {type PixelImage, pixelImage} from "../charts/pixelImage.js";
import type {Drawing} from "./drawing.js";

/** Emits "input" when the reader chooses a candidate; `value` is its index. */
export interface CandidateStrip extends HTMLElement {
  value: number;
  update(drawing: Drawing | null): void;
}

interface Slot {
  readonly node: HTMLElement;
  readonly pick: HTMLButtonElement;
  readonly image: PixelImage;
  readonly nearest: PixelImage;
}

export function candidateStrip(): CandidateStrip {
  const list = element("div", {class: "slots", role: "group", "aria-label": "Candidates"});
  const node = element(
    "div",
    {class: "candidates"},
    element(
      "div",
      {class: "strip-labels", "aria-hidden": true},
      element("span", {}, "candidates;"),
      element("span", {}, "small: nearest"),
      element("span", {}, "training image")
    ),
    list
  );
  let slots: Slot[] = [];
  let value = 0;

  function setCount(count: number): void {
    if (slots.length === count) return;
    slots = Array.from({length: count}, (_, i) => slots[i] ?? slot(i));
    list.replaceChildren(...slots.map((s) => s.node));
    choose(Math.min(value, count - 1));
  }
  function choose(index: number): void {
    value = index;
    for (const [i, {pick}] of slots.entries()) pick.setAttribute("aria-pressed", String(i === index));
  }
  function slot(index: number): Slot {
    const image = pixelImage({images: null, label: ""});
    const nearest = pixelImage({images: null, label: ""});
    const pick = element("button", {type: "button", class: "pick", "aria-label": `candidate ${index + 1}`}, image);
    pick.addEventListener("click", () => {
      choose(index);
      changed(node);
    });
    return {node: element("div", {class: "slot"}, pick, nearest), pick, image, nearest};
  }
  function update(drawing: Drawing | null): void {
    setCount(drawing?.settings.candidates ?? 4);
    for (const [i, {image, nearest}] of slots.entries()) {
      const part = drawing === null ? {} : {part: {grid: drawing.grid, drawn: drawing.imagesDrawn}};
      image.update({images: drawing?.images ?? null, index: i, label: `candidate ${i + 1}`, ...part});
      const found = drawing?.nearest ?? null;
      const caption = found?.captions[i] ?? "";
      const label =
        found === null
          ? "nearest training image, not looked up yet"
          : `nearest training image: “${caption}”, mean squared difference ${formatNumber(found.distances[i] ?? NaN)}`;
      nearest.update({images: found?.images ?? null, index: i, label});
      nearest.title = found === null ? "" : label;
    }
  }
  update(null);
  return extend(node, {
    update,
    get value() {
      return value;
    },
    set value(index: number) {
      choose(index);
    }
  });
}
