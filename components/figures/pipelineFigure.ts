// The pipeline opened up: caption, text tokens, mask, distribution, token grid, decoder; and back from an image.

import {captionTokens} from "../charts/captionTokens.js";
import {button} from "../charts/controls/button.js";
import {seedField} from "../charts/controls/seedField.js";
import {slider} from "../charts/controls/slider.js";
import {distributionBars} from "../charts/distributionBars.js";
import {element} from "../charts/dom.js";
import {pixelImage} from "../charts/pixelImage.js";
import {type TokenGrid, tokenGrid} from "../charts/tokenGrid.js";
import {pageSettings} from "../notebook/settings.js";
import type {Size} from "../training/protocol.js";
import {captionBox} from "./captionBox.js";
import {sentence} from "./drawer.js";
import {type Drawing, emptyDrawing, finishDrawing, leastCertain, recordStep, requestOf} from "./drawing.js";
import {encodePanel, panelLabel} from "./encodePanel.js";
import type {FigureEngine} from "./engine.js";
import {figure} from "./figure.js";
import {type ImageTask, imageToImage} from "./imageToImage.js";
import {maskPanel} from "./maskPanel.js";
import {panel, pipelineSettings, problemsOf, step} from "./pipelineParts.js";
import {type LoadShipped, type OpenPipeline, type PipelineWeights, pipelines, shippedWeights} from "./pipelines.js";
import {debounced, nearScreen, redrawer} from "./redraw.js";
import * as scenes from "./scenes.js";
import {symbol} from "./symbol.js";
import {teller} from "./teller.js";
import {readTokens, writeTokens} from "./tokensAddress.js";

export interface PipelineFigureOptions {
  readonly size?: Size;
  readonly loadShipped?: LoadShipped;
  /** Of the prior, for its masks. */
  readonly layers?: number;
  readonly kernel?: number;
}

export interface PipelineFigure extends HTMLElement {
  useWeights(weights: PipelineWeights): void;
}

export function pipelineFigure(engine: FigureEngine, options: PipelineFigureOptions): PipelineFigure {
  const {size = "s", loadShipped, layers = 4, kernel = 3} = options;
  const suggestions = scenes.suggestions[size];
  const rows = size === "s" ? 8 : 4;
  const first = suggestions[0]?.caption ?? "";
  const address = pageSettings(pipelineSettings(first, rows));
  const opened = pipelines(engine, loadShipped);
  let weights = shippedWeights(size);
  let model: OpenPipeline | null = null;
  let drawing: Drawing | null = null;
  let edited = new Set<number>();
  let run = 0;

  const box = captionBox({value: address.values.caption, suggestions, action: "Draw"});
  const text = captionTokens({pieces: [], ids: [], textLength: 0});
  const mask = maskPanel({textLength: 4 * rows, grid: rows, layers, kernel});
  const bars = distributionBars({title: "", distribution: null, patches: null}, {rows: 8, onPick: put});
  const gridPlace = element("div");
  const picture = pixelImage({images: null, label: "No picture yet"});
  const codebookPlace = element("div");
  const kept = slider({
    label: "rows kept",
    min: 0,
    max: rows,
    step: 1,
    value: address.values.rows,
    ticks: [0, rows / 2, rows],
    format: String
  });
  const seed = seedField(address.values.seed);
  const rest = button("Draw the rest", {hint: "Keep the first rows and draw all that follow"});
  const {node: told, tell} = teller();
  const encoder = encodePanel({
    palette: () => scenes.paints(weights.size),
    open: () => opened.get(weights),
    onTake(tokens) {
      if (model === null) return;
      take(tokens, model.grid);
      void decode();
      tell("These are the tokens of your image. Keep some rows, and draw the rest from the caption.", false);
    },
    onMessage: tell
  });
  const node = figure(
    {kind: "pipeline-figure", label: "The pipeline, from the caption to the pixels and back"},
    ...problemsOf(address.problems),
    step("1", "The caption becomes text tokens", box, text),
    step(
      "2",
      "The prior puts down image tokens, one after the other; the decoder turns them into pixels",
      element(
        "div",
        {class: "pipeline-columns"},
        mask,
        panel("tokens", gridPlace, panelLabel(symbol("z"), " image tokens: click one to change it")),
        panel("picture", picture, panelLabel(symbol("xHat"), " decoded by ", symbol("pTheta"))),
        element("div", {class: "panel steering"}, mask.controls, kept, seed, rest, told),
        bars,
        panel("codebook", codebookPlace, panelLabel("the codebook: click a code to put it in"))
      )
    ),
    step("3", "And back: the encoder turns an image into tokens", encoder.node),
    step(
      "4",
      "Image to image: keep the upper half, and ask for the lower",
      imageToImage(size, (task) => void ask(task))
    )
  );

  let grid: TokenGrid | null = null;
  const redraw = redrawer(node, () => {
    if (drawing === null || model === null || grid === null) return;
    const {patches} = model;
    const growing = drawing.drawn < drawing.tokens.length;
    const lead = growing ? Math.max(0, drawing.drawn - 1) : leastCertain(drawing, 0);
    grid.update({tokens: drawing.tokens, patches, frontier: drawing.drawn > 0 ? lead : null});
    const part = {grid: drawing.grid, drawn: drawing.imagesDrawn};
    picture.update({images: drawing.images, label: `“${box.value}”, decoded`, part});
    const position = grid.value ?? lead ?? 0;
    const place = `row ${Math.floor(position / drawing.grid) + 1}, column ${(position % drawing.grid) + 1}`;
    const found = drawing.distributions[position] ?? null;
    bars.update({
      title: found === null ? `no distribution at ${place}` : `code at ${place}; click another`,
      distribution: found === null ? null : {...found, chosen: drawing.tokens[position]!},
      patches
    });
    const query = mask.position;
    grid.underline(kept.value);
    grid.veil(query === null ? null : (m) => mask.sees(query, m));
  });

  function settings() {
    return {size: weights.size, caption: box.value, seed: seed.value, candidates: 1, temperature: 1, topK: 0, topP: 1};
  }
  async function attempt(work: (mine: () => boolean) => Promise<void>): Promise<void> {
    const number = ++run;
    try {
      await work(() => number === run);
    } catch (error) {
      if (number === run) tell(sentence(error), true);
    }
  }
  /** Draws all tokens after the first rows, which stay as they are. */
  function draw(rows: number): Promise<void> {
    return attempt(async (mine) => {
      await model?.api.cancel();
      const current = await use();
      if (!mine()) return;
      const {api, textLength, grid: side} = current;
      const {pieces, ids, unknownWords} = await api.tokenize(box.value);
      if (!mine()) return;
      text.update({pieces, ids, textLength});
      box.tell(unknownWords, scenes.vocabulary[weights.size]);
      const before = drawing?.grid === side ? drawing : null;
      const prefix = before?.tokens.slice(0, before.tokens.includes(-1) ? 0 : rows * side) ?? new Int32Array(0);
      const next = emptyDrawing(settings(), side);
      for (const [i, token] of prefix.entries()) next.tokens[i] = token;
      drawing = next;
      edited = new Set([...edited].filter((position) => position < prefix.length));
      const result = await api.sample({...requestOf(settings()), prefix}, (arrived) => {
        if (!mine()) return;
        recordStep(next, arrived);
        redraw();
      });
      if (!mine()) return;
      finishDrawing(next, result);
      tell("", false);
      remember(prefix.length === 0 ? null : next.tokens);
      redraw();
    });
  }
  /** The address names the tokens too where caption and seed alone would not bring them back. */
  function remember(tokens: ArrayLike<number> | null): void {
    if (weights.dvae.from !== "shipped") return; // nobody else has the reader's own codes
    address.set({
      caption: box.value,
      seed: seed.value,
      rows: kept.value,
      tokens: tokens === null ? "" : writeTokens(tokens)
    });
  }
  /** Tokens from elsewhere, in place of those that were drawn. */
  function take(tokens: ArrayLike<number>, side: number): void {
    drawing = emptyDrawing(settings(), side);
    drawing.tokens.set(tokens);
    drawing.drawn = tokens.length;
    edited = new Set();
  }
  /** What the address asks for. */
  async function open(): Promise<void> {
    const given = readTokens(address.values.tokens);
    if (given === null) return draw(0);
    let fits = false;
    await attempt(async () => {
      const {api, codes, grid: side, textLength} = await use();
      text.update({...(await api.tokenize(box.value)), textLength});
      fits = given.length === side * side && given.every((code) => code < codes);
      if (fits) take(given, side);
    });
    if (!fits) return draw(0);
    await decode();
    tell("These tokens came with the address. Keep some rows, and draw the rest.", false);
  }
  /** The upper half of an image, as its tokens, and a caption for the rest. */
  async function ask({caption, image}: ImageTask): Promise<void> {
    await attempt(async (mine) => {
      const {grid: side} = await use();
      const tokens = await encoder.show(image);
      if (tokens === null || !mine()) return;
      box.value = caption;
      take(tokens, side);
      kept.value = side / 2;
      await draw(side / 2);
      tell(`The upper ${side / 2} rows are those of the image below; the rest is drawn for “${caption}”.`, false);
      node.querySelector(".pipeline-step:nth-of-type(2)")?.scrollIntoView({block: "nearest"});
    });
  }
  /** Puts a code at the chosen position and decodes again. */
  function put(code: number): void {
    if (drawing === null || grid === null) return;
    const position = grid.chosen ?? leastCertain(drawing, 0) ?? 0;
    drawing.tokens[position] = code;
    grid.chosen = position;
    edited.add(position);
    tell("Changed by hand. The distributions are those from before; keep the rows above and draw the rest.", false);
    void decode();
  }
  function decode(): Promise<void> {
    return attempt(async (mine) => {
      if (model === null || drawing === null) return;
      const changed = drawing;
      const {grid: side, api} = model;
      redraw();
      changed.images = await api.decode({shape: [1, side, side], data: changed.tokens.slice()});
      changed.imagesDrawn = side * side;
      if (mine()) remember(changed.tokens);
      if (mine()) redraw();
    });
  }
  async function use(): Promise<OpenPipeline> {
    const next = await opened.get(weights);
    if (next === model) return next;
    model = next;
    const {grid: side, codes, patches, textLength} = next;
    grid = tokenGrid({tokens: [], patches: null}, {rows: side, columns: side, label: "Image tokens"});
    grid.addEventListener("input", () => {
      mask.position = grid!.chosen;
      redraw();
    });
    gridPlace.replaceChildren(grid);
    mask.update({textLength, grid: side, layers, kernel});
    const columns = Math.ceil(Math.sqrt(codes));
    const all = Array.from({length: columns * Math.ceil(codes / columns)}, (_, k) => (k < codes ? k : -1));
    const codebook = tokenGrid({tokens: all, patches}, {rows: all.length / columns, columns, label: "Codebook"});
    codebook.addEventListener("change", () => {
      const code = codebook.chosen === null ? -1 : all[codebook.chosen]!;
      codebook.chosen = null; // so that the same code can be clicked again
      if (code >= 0) put(code);
    });
    codebookPlace.replaceChildren(codebook);
    encoder.setModel(next, scenes.exampleImage(weights.size));
    return next;
  }

  box.addEventListener("change", () => void draw(0));
  rest.addEventListener("click", () => void draw(kept.value));
  kept.addEventListener("input", redraw);
  kept.addEventListener(
    "input",
    debounced(() => void draw(kept.value), 250)
  );
  seed.addEventListener(
    "input",
    debounced(() => void draw(kept.value), 250)
  );
  mask.addEventListener("input", redraw);
  engine.onNotice((words) => tell(words, false));
  void nearScreen(node).then(open);
  return Object.assign(node, {
    useWeights(next: PipelineWeights) {
      weights = next;
      drawing = null;
      void draw(0);
    }
  });
}
