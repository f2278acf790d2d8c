// All states of a sequence in one row that wraps: start, text, pads, image tokens; one of them chosen.

import type {NumberArray} from "../../charts/chart.js";
import {changed, element, extend, setAttributes} from "../../charts/dom.js";
import {paintTokens} from "../../charts/pixels.js";

export interface SequenceStripData {
  readonly pieces: readonly (string | null)[];
  readonly tokens: ArrayLike<number>;
  readonly patches: NumberArray | null;
}

/** Emits "input" when another state is chosen; `value` is its place, the start being 0. */
export interface SequenceStrip extends HTMLElement {
  value: number;
  update(data: SequenceStripData): void;
}

export function sequenceStrip(initial: number): SequenceStrip {
  const list = element("div", {class: "sequence-strip", role: "group", "aria-label": "States of the sequence"});
  let cells: HTMLButtonElement[] = [];
  let chosen = initial;

  function cell(state: number): HTMLButtonElement {
    const node = element("button", {type: "button", tabindex: -1});
    node.addEventListener("click", () => choose(state));
    node.addEventListener("keydown", (event) => {
      const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
      const next = event.key === "Home" ? 0 : event.key === "End" ? cells.length - 1 : state + (step ?? 0);
      if (next === state || next < 0 || next >= cells.length) return;
      event.preventDefault();
      choose(next);
      cells[next]!.focus();
    });
    return node;
  }
  function choose(state: number): void {
    chosen = state;
    mark();
    changed(list);
  }
  function mark(): void {
    for (const [state, one] of cells.entries()) {
      setAttributes(one, {"aria-pressed": String(state === chosen), tabindex: state === chosen ? 0 : -1});
    }
  }
  return extend(list, {
    get value() {
      return chosen;
    },
    set value(state: number) {
      chosen = state;
      mark();
    },
    update({pieces, tokens, patches}: SequenceStripData) {
      const states = pieces.length + tokens.length; // the last image token is written, never read
      if (cells.length !== states) {
        cells = Array.from({length: states}, (_, state) => cell(state));
        list.replaceChildren(...cells);
        chosen = Math.min(chosen, states - 1);
      }
      for (const [state, one] of cells.entries()) {
        const place = state - 1;
        const n = place - pieces.length;
        const piece = pieces[place];
        const kind = state === 0 ? "start" : n >= 0 ? "image" : piece == null ? "pad" : "text";
        one.className = `state ${kind}`;
        if (n >= 0 && patches !== null) {
          const canvas =
            one.querySelector("canvas") ??
            element("canvas", {class: "pixels", width: 1, height: 1, "aria-hidden": true});
          paintTokens(canvas, [tokens[n]!], 1, patches);
          if (canvas.parentElement !== one) one.replaceChildren(canvas);
        } else one.textContent = kind === "start" ? "start" : kind === "pad" ? "pad" : piece!.replaceAll(" ", "␣");
        const name =
          kind === "start"
            ? "start"
            : kind === "image"
              ? `image token ${n + 1}, code ${tokens[n]}`
              : kind === "pad"
                ? `pad ${place + 1}`
                : `text token ${place + 1}, ${piece!.trim()}`;
        setAttributes(one, {"aria-label": name, title: name});
      }
      mark();
    }
  });
}
