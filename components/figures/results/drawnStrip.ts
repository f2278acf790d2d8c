// Pictures that have just been drawn, each marked right or wrong; the chosen one's caption stands below.

import {element, extend} from "../../charts/dom.js";
import {type PixelImage, pixelImage} from "../../charts/pixelImage.js";
import {packed} from "../../training/setDistance.js";
import type {Drawn} from "./liveTally.js";
import {verdictOf} from "./verdict.js";

export interface DrawnStrip extends HTMLElement {
  /** right: what counts, where that is not all that is named. */
  update(drawn: readonly Drawn[], right: (one: Drawn) => boolean): void;
}

export function drawnStrip(empty: string): DrawnStrip {
  const list = element("div", {class: "drawn-list", role: "group", "aria-label": "Drawn"});
  const said = element("p", {class: "drawn-said", role: "status"}, empty);
  const node = element("div", {class: "drawn-strip"}, list, said);
  let shown: readonly Drawn[] = [];
  let chosen: Drawn | null = null;
  const slots: {pick: HTMLButtonElement; image: PixelImage; mark: HTMLElement}[] = [];

  function slot(index: number) {
    const image = pixelImage({images: null, label: ""});
    const mark = element("span", {class: "mark", "aria-hidden": true});
    const pick = element("button", {type: "button", class: "pick"}, image, mark);
    pick.addEventListener("click", () => {
      chosen = shown[index] ?? null;
      tell();
    });
    return {pick, image, mark};
  }
  function tell(): void {
    const one = chosen ?? shown.at(-1);
    slots.forEach(({pick}, i) => {
      pick.setAttribute("aria-pressed", String(shown[i] === one));
    });
    said.textContent = one === undefined ? empty : `“${one.caption}”: ${verdictOf(one.grade)}`;
  }
  return extend(node, {
    update(drawn: readonly Drawn[], right: (one: Drawn) => boolean) {
      shown = [...drawn];
      if (chosen !== null && !shown.includes(chosen)) chosen = null;
      while (slots.length < shown.length) slots.push(slot(slots.length));
      slots.length = shown.length;
      list.replaceChildren(...slots.map(({pick}) => pick));
      shown.forEach((one, i) => {
        const {pick, image, mark} = slots[i]!;
        const good = right(one);
        mark.textContent = good ? "✓" : "✗";
        pick.classList.toggle("wrong", !good);
        pick.setAttribute("aria-label", `“${one.caption}”, ${good ? "right" : "wrong"}`);
        image.update({images: packed([one.image]), label: ""});
      });
      tell();
    }
  });
}
