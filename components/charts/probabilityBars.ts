// A distribution over a few codes as bars that can be dragged; a line on each bar says what another distribution gives.

import type {Chart, NumberArray} from "./chart.js";
import {changed, element, extend} from "./dom.js";
import {formatPercent} from "./format.js";
import {paintImage} from "./pixels.js";

export interface ProbabilityBarsData {
  readonly probabilities: readonly number[];
  /** Drawn as lines, e.g. the true posterior; null for none. */
  readonly lines?: readonly number[] | null;
  /** A picture for each code, uint8 [K, h, w, 3]. */
  readonly pictures?: NumberArray | null;
}

export interface ProbabilityBarsOptions {
  readonly label: string;
  /** What the lines are. */
  readonly linesName?: string;
}

/** Emits "input" when the reader drags a bar; `moved` is which, and to what. */
export interface ProbabilityBars extends Chart<ProbabilityBarsData> {
  readonly moved: {readonly code: number; readonly probability: number} | null;
}

interface Column {
  readonly node: HTMLElement;
  readonly track: HTMLElement;
  readonly number: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

export function probabilityBars(data: ProbabilityBarsData, options: ProbabilityBarsOptions): ProbabilityBars {
  const {label, linesName = "posterior"} = options;
  const node = element("div", {class: "probability-bars", role: "group", "aria-label": label});
  let columns: Column[] = [];
  let shown = data;
  let moved: ProbabilityBars["moved"] = null;

  function move(code: number, probability: number): void {
    moved = {code, probability: Math.min(1, Math.max(0, probability))};
    changed(node);
  }
  function column(code: number): Column {
    const track = element("div", {
      class: "track",
      role: "slider",
      tabindex: 0,
      "aria-orientation": "vertical",
      "aria-valuemin": 0,
      "aria-valuemax": 1,
      "aria-label": `q of code ${code + 1}`
    });
    const number = element("span", {class: "number"});
    const canvas = element("canvas", {class: "pixels", width: 1, height: 1, "aria-hidden": true});
    const drag = (event: PointerEvent) => {
      const {top, height} = track.getBoundingClientRect();
      if (height > 0) move(code, 1 - (event.clientY - top) / height);
    };
    track.addEventListener("pointerdown", (event) => {
      track.setPointerCapture(event.pointerId);
      event.preventDefault();
      track.focus();
      drag(event);
    });
    track.addEventListener("pointermove", (event) => {
      if (track.hasPointerCapture(event.pointerId)) drag(event);
    });
    track.addEventListener("keydown", (event) => {
      const now = shown.probabilities[code] ?? 0;
      if (event.key === "ArrowUp" || event.key === "ArrowRight") move(code, now + 0.02);
      else if (event.key === "ArrowDown" || event.key === "ArrowLeft") move(code, now - 0.02);
      else if (event.key === "Home") move(code, 0);
      else if (event.key === "End") move(code, 1);
      else return;
      event.preventDefault();
    });
    return {node: element("div", {class: "column"}, number, track, canvas), track, number, canvas};
  }
  function update(next: ProbabilityBarsData): void {
    shown = next;
    const {probabilities, lines = null, pictures = null} = next;
    if (columns.length !== probabilities.length) {
      columns = probabilities.map((_, code) => column(code));
      node.replaceChildren(...columns.map((one) => one.node));
    }
    for (const [code, {track, number, canvas}] of columns.entries()) {
      const p = probabilities[code]!;
      const line = lines?.[code];
      track.style.setProperty("--p", String(p));
      track.style.setProperty("--line", String(line ?? 0));
      track.classList.toggle("lined", line !== undefined);
      track.setAttribute("aria-valuenow", p.toFixed(3));
      const other = line === undefined ? "" : `, ${linesName} ${formatPercent(line)}`;
      track.setAttribute("aria-valuetext", `${formatPercent(p)}${other}`);
      number.textContent = `${Math.round(p * 100)} %`; // the slider's own words are exact
      canvas.hidden = pictures === null;
      if (pictures !== null) paintImage(canvas, pictures, code);
    }
  }
  update(data);
  return extend(node, {
    update,
    get moved() {
      return moved;
    }
  });
}
