// One image as tokens: choose a cell, put another code there, and see what the decoder makes of it.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {type TokenGrid, tokenGrid} from "../../charts/tokenGrid.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ArrayPayload} from "../../training/protocol.js";
import {panelLabel} from "../encodePanel.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {symbol} from "../symbol.js";
import {type LiveModel, view} from "./live.js";
import {pixelsChanged, swapsOf, swapsSetting, writeSwaps} from "./swaps.js";

const side = 8;
const heldImages = 32;

export function tokenFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const settings = pageSettings({
    image: numberSetting(1, {min: 1, max: heldImages, integer: true}),
    noise: numberSetting(0, {min: 0, max: side * side, integer: true}),
    swaps: swapsSetting(side * side)
  });
  const told = element(
    "p",
    {class: "message", role: "status"},
    [...settings.problems, "Choose a cell of the grid, then a code from the codebook."].join(" ")
  );
  const input = pixelImage({images: null, label: "the image"});
  const output = pixelImage({images: null, label: "decoded from these tokens"}, {grid: side});
  const grid = tokenGrid({tokens: [], patches: null}, {rows: side, columns: side, label: "Tokens of the image"});
  const bookPlace = element("div", {class: "vq-book"});
  const bookLabel = panelLabel(symbol("codebook"), " codebook");
  const next = button("Another image");
  const back = button("Its own tokens again");
  const noise = slider({
    label: "cells with a random code",
    min: 0,
    max: side * side,
    step: 1,
    value: settings.values.noise,
    ticks: [
      {value: 0, label: "0"},
      {value: side * side, label: "all 64"}
    ],
    format: String
  });
  const node = figure(
    {kind: "stack vq-figure", label: "Swap a code"},
    element("div", {class: "control-bar"}, next, back, noise),
    told,
    element(
      "div",
      {class: "vq-tokens"},
      element("div", {class: "panel"}, input, panelLabel(symbol("x"), " held-back image")),
      element("div", {class: "panel"}, grid, panelLabel(symbol("z"), " its tokens")),
      element("div", {class: "panel"}, bookPlace, bookLabel),
      element("div", {class: "panel"}, output, panelLabel(symbol("xHat"), " decoded"))
    ),
    element(
      "figcaption",
      {},
      "Each cell shows what its code looks like alone. The decoder sees neighbouring codes together, so one swapped code " +
        "changes more than its own 2 × 2 pixels; how many, the line above counts. A pixel counts if a channel moves by " +
        "more than 8 of 255."
    )
  );
  let image = settings.values.image - 1;
  /** The cells that the reader has given another code. */
  const swaps = swapsOf(settings.values.swaps);
  let own = new Int32Array(side * side);
  let tokens = own.slice();
  let patches: ArrayPayload | null = null;
  /** What is decoded now, and what the last swap said, until the picture that it leads to is there. */
  let picture: ArrayPayload | null = null;
  let swapped = "";
  let book: TokenGrid | null = null;

  const tell = (text: string) => {
    told.textContent = text;
  };
  const decoded = view({
    engine,
    model,
    element: output,
    probe: "decode",
    every: null,
    draw({image: made}) {
      if (swapped !== "" && picture !== null) {
        tell(`${swapped} ${pixelsChanged(picture, made!)} of ${made!.data.length / 3} pixels have changed.`);
      }
      swapped = "";
      show(made!);
    },
    onProblem: tell
  });
  const codes = view({
    engine,
    model,
    element: node,
    probe: "codebook",
    draw({patches: next}) {
      patches = next!;
      showBook(patches.shape[0]!);
      refresh();
    },
    onProblem: tell
  });
  const encoded = view({
    engine,
    model,
    element: node,
    probe: "tokens",
    args: {image},
    draw({input: given, image: made, tokens: found}) {
      input.update({images: given!, label: "the image"});
      show(made!);
      own = Int32Array.from(found!.data);
      refresh();
    },
    onProblem: tell
  });

  function show(made: ArrayPayload): void {
    picture = made;
    output.update({images: made, label: "decoded from these tokens"});
  }
  function showTokens(): void {
    grid.update({tokens, patches});
  }
  /** The whole codebook as a grid of its own, so that it can be clicked and walked through. */
  function showBook(count: number): void {
    const columns = Math.ceil(Math.sqrt(count));
    if (book === null || book.dataset.codes !== String(count)) {
      const made = tokenGrid(
        {tokens: [], patches: null},
        {rows: Math.ceil(count / columns), columns, label: "Codebook"}
      );
      made.dataset.codes = String(count);
      made.addEventListener("change", () => put(made.chosen));
      book = made;
      bookPlace.replaceChildren(made);
    }
    book.update({tokens: Array.from({length: count}, (_, k) => k), patches});
  }
  function put(code: number | null): void {
    const cell = grid.chosen;
    if (code === null) return;
    if (cell === null) {
      tell("Choose a cell of the grid first.");
      return;
    }
    swapped = `Row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}: code ${code} in place of ${tokens[cell]}.`;
    tell(swapped);
    swaps.set(cell, code);
    keep();
    decode();
  }
  /** The image's own tokens, then the random codes of the slider, then the reader's swaps. */
  function compose(): void {
    const count = patches?.shape[0] ?? 0;
    const random = stream(1, "swap", image);
    const order = random.permutation(side * side);
    tokens = own.slice();
    if (count > 0) {
      const drawn = Array.from(order, () => random.int(count));
      for (let i = 0; i < noise.value; ++i) tokens[order[i]!] = drawn[i]!;
      for (const [cell, code] of swaps) if (code < count) tokens[cell] = code;
    }
    showTokens();
  }
  function decode(): void {
    compose();
    void decoded.ask({tokens: Array.from(tokens).join(" ")});
  }
  /** After news from the model, whose own picture is of its own tokens. */
  function refresh(): void {
    if (noise.value > 0 || swaps.size > 0) decode();
    else compose();
  }
  function keep(): void {
    settings.set({image: image + 1, noise: noise.value, swaps: writeSwaps(swaps)});
  }
  grid.addEventListener("change", () => {
    const cell = grid.chosen;
    output.mark(cell);
    if (cell !== null) tell(`Code ${tokens[cell]} stands there. Choose another from the codebook.`);
  });
  noise.addEventListener("input", () => {
    tell(`${noise.value} of ${side * side} cells have a random code.`);
    keep();
    decode();
  });
  next.addEventListener("click", () => {
    image = (image + 1) % heldImages;
    swaps.clear();
    noise.value = 0;
    keep();
    void encoded.ask({image});
  });
  back.addEventListener("click", () => {
    swaps.clear();
    noise.value = 0;
    keep();
    decode();
  });
  void codes;
  return node;
}
