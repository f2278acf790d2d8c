// Which term of the loss moves which weights, from the gradients themselves.

import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {gradientPaths} from "../../charts/gradientPaths.js";
import {choiceSetting, pageSettings, switchSetting} from "../../notebook/settings.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LiveModel, view} from "./live.js";
import {type TermName, termNames} from "./settings.js";

const parts = ["encoder", "codebook", "decoder"] as const;
const kinds = ["means-encoder", "means-codes", "means-decoder"] as const;
const titles = ["1 reconstruction", "2 codebook", "3 commitment"] as const;

export function pathsFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const settings = pageSettings({
    term: choiceSetting<TermName>("reconstruction", termNames),
    sg: switchSetting(true),
    copy: switchSetting(true)
  });
  let term = termNames.indexOf(settings.values.term);
  const buttons = titles.map((title, i) =>
    element("button", {type: "button", class: "button", "aria-pressed": i === term}, title)
  );
  const sg = element("input", {type: "checkbox", checked: settings.values.sg});
  const copy = element("input", {type: "checkbox", checked: settings.values.copy});
  const paths = gradientPaths({term: titles[0], at: "image", norms: [0, 0, 0]});
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const cells = termNames.map(() => parts.map(() => element("td", {})));
  const head = parts.map((part, i) => element("th", {scope: "col", class: kinds[i]!}, part));
  const table = element(
    "table",
    {class: "vq-norms"},
    element("caption", {}, "Norm of each term’s gradient, on 16 held-back images"),
    element("thead", {}, element("tr", {}, element("th", {scope: "col"}, "term"), ...head)),
    element(
      "tbody",
      {},
      ...titles.map((title, i) => element("tr", {}, element("th", {scope: "row"}, title), ...cells[i]!))
    )
  );
  const node = figure(
    {kind: "stack vq-figure", label: "Which term moves which weights"},
    element(
      "div",
      {class: "control-bar"},
      element("span", {class: "segmented", role: "group", "aria-label": "Term"}, ...buttons),
      element("label", {class: "check", "data-symbol": "sg"}, sg, "stop-gradient sg"),
      element("label", {class: "check"}, copy, "straight-through copy")
    ),
    told,
    paths,
    table,
    element(
      "figcaption",
      {},
      "Nothing here is drawn by hand: each term alone is differentiated by the code that trains, and a path is there if " +
        "its norm is not nought. Take the stop-gradient or the copy away, and look again."
    )
  );
  let norms: ArrayLike<number> = new Float32Array(9);
  const args = () => ({sg: sg.checked ? 1 : 0, copy: copy.checked ? 1 : 0});
  const live = view({
    engine,
    model,
    element: node,
    probe: "gradients",
    args: args(),
    every: 1500,
    draw(result) {
      norms = result.norms!.data;
      told.textContent = settings.problems.join(" ");
      draw();
    },
    onProblem(text) {
      told.textContent = text;
    }
  });
  function draw(): void {
    const row = [0, 1, 2].map((i) => norms[3 * term + i]!) as [number, number, number];
    paths.update({term: titles[term]!, at: term === 0 ? "image" : "codes", norms: row});
    for (const [i, line] of cells.entries()) {
      for (const [j, cell] of line.entries()) {
        const norm = norms[3 * i + j]!;
        cell.textContent = norm === 0 ? "0" : formatNumber(norm);
        cell.classList.toggle("none", norm === 0);
      }
    }
    for (const [i, one] of buttons.entries()) one.setAttribute("aria-pressed", String(i === term));
  }
  for (const [i, one] of buttons.entries()) {
    one.addEventListener("click", () => {
      term = i;
      settings.set({term: termNames[i]!});
      draw();
    });
  }
  for (const box of [sg, copy]) {
    box.addEventListener("input", () => {
      settings.set({sg: sg.checked, copy: copy.checked});
      void live.ask(args());
    });
  }
  draw();
  return node;
}
