// The candidates side by side, one of them chosen, each above the training image nearest to it.

import {changed, element, extend, setAttributes} from "../charts/dom.js";
import {formatNumber} from "../charts/format.js";
import {type PixelImage, pixelImage} from "../charts/pixelImage.js";
import {type Drawing, orderOf} from "./drawing.js";

/** Emits "input" when the reader chooses a candidate; `value` is its index. In CLIP's order if that was asked. */
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
      element("span", {}, "candidates"),
      element("span", {}, "small: nearest"),
      element("span", {}, "training image")
    ),
    list
  );
  let slots: Slot[] = [];
  let order: readonly number[] = [];
  let value = 0;

  function setCount(count: number): void {
    if (slots.length === count) return;
    slots = Array.from({length: count}, (_, i) => slots[i] ?? slot(i));
    list.replaceChildren(...slots.map((s) => s.node));
    list.classList.toggle("many", count > 8);
  }
  function choose(candidate: number): void {
    value = candidate;
    for (const [i, {pick}] of slots.entries()) pick.setAttribute("aria-pressed", String(order[i] === candidate));
  }
  function slot(place: number): Slot {
    const image = pixelImage({images: null, label: ""});
    const nearest = pixelImage({images: null, label: ""});
    const pick = element("button", {type: "button", class: "pick", "aria-label": `candidate ${place + 1}`}, image);
    pick.addEventListener("click", () => {
      choose(order[place] ?? place);
      changed(node);
    });
    return {node: element("div", {class: "slot"}, pick, nearest), pick, image, nearest};
  }
  function update(drawing: Drawing | null): void {
    const count = drawing?.settings.candidates ?? 4;
    setCount(count);
    const ranked = drawing !== null && drawing.cosines !== null;
    order = drawing === null ? Array.from({length: count}, (_, i) => i) : orderOf(drawing);
    choose(Math.min(value, count - 1));
    for (const [place, {pick, image, nearest}] of slots.entries()) {
      const index = order[place]!;
      const rank = ranked ? `, place ${place + 1}, cosine ${drawing.cosines![index]!.toFixed(3)}` : "";
      const name = `candidate ${index + 1}${rank}`;
      const part = drawing === null ? {} : {part: {grid: drawing.grid, drawn: drawing.imagesDrawn}};
      image.update({images: drawing?.images ?? null, index, label: name, ...part});
      setAttributes(pick, {"aria-label": name, title: ranked ? name : null});
      const found = drawing?.nearest ?? null;
      const caption = found?.captions[index] ?? "";
      const label =
        found === null
          ? "nearest training image, not looked up yet"
          : `nearest training image: “${caption}”, mean squared difference ${formatNumber(found.distances[index] ?? NaN)}`;
      nearest.update({images: found?.images ?? null, index, label});
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
