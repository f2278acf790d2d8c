// One image as tokens: choose a cell, put another code there, and see what the decoder makes of it.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {type TokenGrid, tokenGrid} from "../../charts/tokenGrid.js";
import type {ArrayPayload} from "../../training/protocol.js";
import {panelLabel} from "../encodePanel.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {symbol} from "../symbol.js";
import {type LiveModel, view} from "./live.js";

const side = 8;
const heldImages = 32;

export function tokenFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const told = element(
    "p",
    {class: "message", role: "status"},
    "Choose a cell of the grid, then a code from the codebook."
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
    value: 0,
    ticks: [
      {value: 0, label: "0"},
      {value: side * side, label: "all 64"}
    ],
    format: String
  });
  const node = figure(
    {kind: "vq-figure", label: "Swap a code"},
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
        "changes a little more than its own 2 × 2 pixels."
    )
  );
  let image = 0;
  let own = new Int32Array(side * side);
  let tokens = own.slice();
  let patches: ArrayPayload | null = null;
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
    draw: ({image: picture}) => output.update({images: picture!, label: "decoded from these tokens"}),
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
      showTokens();
    },
    onProblem: tell
  });
  const encoded = view({
    engine,
    model,
    element: node,
    probe: "tokens",
    draw({input: picture, image: made, tokens: found}) {
      input.update({images: picture!, label: "the image"});
      output.update({images: made!, label: "decoded from these tokens"});
      own = Int32Array.from(found!.data);
      if (noise.value > 0) scramble();
      else {
        tokens = own.slice();
        showTokens();
      }
    },
    onProblem: tell
  });

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
    const old = tokens[cell]!;
    tokens = tokens.slice();
    tokens[cell] = code;
    showTokens();
    tell(`Row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}: code ${code} in place of ${old}.`);
    decode();
  }
  function decode(): void {
    void decoded.ask({tokens: Array.from(tokens).join(" ")});
  }
  function scramble(): void {
    const random = stream(1, "swap", image);
    const order = random.permutation(side * side);
    const count = patches?.shape[0] ?? 1;
    const drawn = Array.from(order, () => random.int(count));
    tokens = own.slice();
    for (let i = 0; i < noise.value; ++i) tokens[order[i]!] = drawn[i]!;
    showTokens();
    decode();
  }
  grid.addEventListener("change", () => {
    const cell = grid.chosen;
    output.mark(cell);
    if (cell !== null) tell(`Code ${tokens[cell]} stands there. Choose another from the codebook.`);
  });
  noise.addEventListener("input", scramble);
  next.addEventListener("click", () => {
    image = (image + 1) % heldImages;
    noise.value = 0;
    void encoded.ask({image});
  });
  back.addEventListener("click", () => {
    noise.value = 0;
    tokens = own.slice();
    showTokens();
    decode();
  });
  void codes;
  return node;
}
