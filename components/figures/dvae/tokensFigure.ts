// An image that the reader paints or drops, its tokens, and the tokens as an editor: put other codes in, see the picture.

import {stream} from "../../../data/random.js";
import {button} from "../../charts/controls/button.js";
import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {type TokenGrid, tokenGrid} from "../../charts/tokenGrid.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {Size} from "../../training/protocol.js";
import {sentence} from "../drawer.js";
import {encodePanel, panelLabel} from "../encodePanel.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, type OpenPipeline, pipelines, shippedWeights} from "../pipelines.js";
import {nearScreen} from "../redraw.js";
import {exampleImage, paints} from "../scenes.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {readTokens, tokensSetting, writeTokens} from "../tokensAddress.js";

export function tokensFigure(engine: FigureEngine, loadShipped: LoadShipped): HTMLElement {
  const settings = pageSettings({
    size: choiceSetting<Size>("xs", ["xs", "s"]),
    image: numberSetting(0, {min: 0, max: 999, integer: true}),
    tokens: tokensSetting
  });
  const opened = pipelines(engine, loadShipped);
  const size = select<Size>({
    label: "model",
    value: settings.values.size,
    choices: [
      {value: "xs", label: "XS, 4 × 4 tokens"},
      {value: "s", label: "S, 8 × 8 tokens"}
    ]
  });
  const {node: told, tell} = teller(settings.problems.join(" "));
  const gridPlace = element("div");
  const codebookPlace = element("div");
  const picture = pixelImage({images: null, label: "decoded"});
  const next = button("Another scene");
  const shake = button("A random code in every cell");
  let model: OpenPipeline | null = null;
  let grid: TokenGrid | null = null;
  let tokens = new Int32Array(0);
  let edited = readTokens(settings.values.tokens);
  let image = settings.values.image;
  let shaken = 0;
  let run = 0;
  const panel = encodePanel({
    palette: () => paints(size.value),
    open: () => opened.get(shippedWeights(size.value)),
    takeLabel: "Back to these tokens",
    onTake: (taken) => put(taken, false),
    onTokens(found) {
      const {codes = 0} = model ?? {};
      const fits = edited?.length === found.length && edited.every((code) => code < codes);
      const linked = fits ? edited : null;
      edited = null; // only for the first image
      put(linked ?? found, linked !== null);
    },
    onMessage: tell
  });
  const node = figure(
    {kind: "tokens-figure", label: "An image and its tokens"},
    element("div", {class: "control-bar"}, next, size),
    panel.node,
    element(
      "div",
      {class: "token-editor"},
      element("div", {class: "panel"}, gridPlace, panelLabel(symbol("z"), " the tokens to edit: click a cell")),
      element("div", {class: "panel codebook"}, codebookPlace, panelLabel("all codes: click one to put it there")),
      element("div", {class: "panel"}, picture, panelLabel(symbol("xHat"), " decoded from the edited tokens")),
      element("div", {class: "control-bar"}, shake)
    ),
    told,
    element(
      "figcaption",
      {},
      "Paint, or drop an image file on the painting. The encoder gives each cell of 4 × 4 pixels one code; the decoder sees nothing else. “Hard” is decoded from those codes, “soft” from the encoder’s probabilities of all codes, cell by cell."
    )
  );

  function put(next: ArrayLike<number>, byHand: boolean): void {
    tokens = Int32Array.from(next);
    settings.set({tokens: byHand ? writeTokens(tokens) : ""});
    grid?.update({tokens, patches: model?.patches ?? null});
    void decode();
  }
  async function decode(): Promise<void> {
    const mine = ++run;
    try {
      if (model === null) return;
      const side = model.grid;
      const images = await model.api.decode({shape: [1, side, side], data: tokens.slice()});
      if (mine === run) picture.update({images, label: "decoded from the edited tokens"});
    } catch (error) {
      if (mine === run) tell(sentence(error), true);
    }
  }
  async function open(): Promise<void> {
    try {
      model = await opened.get(shippedWeights(size.value));
      const {grid: side, codes, patches} = model;
      const empty = new Int32Array(side * side).fill(-1);
      grid = tokenGrid({tokens: empty, patches}, {rows: side, columns: side, label: "Tokens to edit"});
      gridPlace.replaceChildren(grid);
      const columns = Math.ceil(Math.sqrt(codes));
      const all = Array.from({length: columns * Math.ceil(codes / columns)}, (_, k) => (k < codes ? k : -1));
      const codebook = tokenGrid({tokens: all, patches}, {rows: all.length / columns, columns, label: "All codes"});
      codebook.addEventListener("change", () => {
        const code = codebook.chosen === null ? -1 : all[codebook.chosen]!;
        codebook.chosen = null; // so that the same code can be clicked again
        const position = grid?.chosen ?? 0;
        if (code < 0 || tokens.length === 0) return;
        if (grid !== null) grid.chosen = position;
        const changed = tokens.slice();
        changed[position] = code;
        put(changed, true);
      });
      codebookPlace.replaceChildren(codebook);
      panel.setModel(model, exampleImage(size.value, image));
    } catch (error) {
      tell(sentence(error), true);
    }
  }
  shake.addEventListener("click", () => {
    if (model === null) return;
    const random = stream(++shaken, "random tokens");
    const {codes} = model;
    put(
      Int32Array.from(tokens, () => random.int(codes)),
      true
    );
  });
  next.addEventListener("click", () => {
    image = (image + 1) % 1000;
    settings.set({image, tokens: ""});
    void open();
  });
  size.addEventListener("input", () => {
    settings.set({size: size.value, tokens: ""});
    void open();
  });
  void nearScreen(node).then(open);
  return node;
}
