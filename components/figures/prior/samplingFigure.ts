// From logits to a picture: what temperature, top-k and top-p do to the distribution at one position, and to what is drawn.

import {distributionBars} from "../../charts/distributionBars.js";
import {element} from "../../charts/dom.js";
import {formatPercent} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {type TokenGrid, tokenGrid} from "../../charts/tokenGrid.js";
import {entropyBits, largest, samplingDistribution} from "../../training/draws.js";
import type {ArrayPayload, PipelineApi} from "../../training/protocol.js";
import {candidateStrip} from "../candidateStrip.js";
import {captionBox} from "../captionBox.js";
import {sentence} from "../drawer.js";
import {type Drawing, emptyDrawing, finishDrawing, requestOf, tokensOf} from "../drawing.js";
import {panelLabel} from "../encodePanel.js";
import {figure} from "../figure.js";
import {debounced, nearScreen, redrawer} from "../redraw.js";
import {type SamplingSettings, samplingControls} from "../samplingControls.js";
import {suggestions, vocabulary} from "../scenes.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import type {PriorModel} from "./model.js";

export interface SampledSettings {
  readonly sampling: SamplingSettings;
  readonly caption: string;
  readonly candidate: number;
  readonly cell: number | null;
}

export interface SamplingOptions {
  readonly sampling: SamplingSettings;
  readonly caption: string;
  /** Of the candidates, the one that is shown large, from 0. */
  readonly candidate?: number;
  /** The place whose chances are shown; null for the figure's own choice. */
  readonly cell?: number | null;
  readonly onSettings?: (settings: SampledSettings) => void;
  /** The training images nearest to some. */
  nearest?(images: ArrayPayload): Promise<Drawing["nearest"]>;
}

/** Pictures side by side, of the same seed: from the likeliest tokens to nearly even chances. */
const temperatures = [0, 0.5, 1, 1.5, 2];
const grid = 4;
const shownCodes = 12;

export function samplingFigure(model: PriorModel, options: SamplingOptions): HTMLElement {
  const {onSettings} = options;
  const box = captionBox({value: options.caption, suggestions: suggestions.xs, action: "Draw"});
  const controls = samplingControls(options.sampling);
  const place = element("div");
  const picture = pixelImage({images: null, label: "No picture yet"});
  const bars = distributionBars({title: "", distribution: null, patches: null}, {rows: 10});
  const kept = element("p", {class: "chart-note", role: "status"});
  const strip = candidateStrip();
  const row = imageGrid(
    {rows: [{label: "", images: null}], notes: temperatures.map(noteOf)},
    {columns: temperatures.length}
  );
  const {node: told, tell} = teller();
  const tokens: TokenGrid = tokenGrid({tokens: [], patches: null}, {rows: grid, columns: grid, label: "Image tokens"});
  place.append(tokens);
  tokens.chosen = options.cell ?? null;
  strip.value = options.candidate ?? 0;
  const node = figure(
    {kind: "sampling-figure", label: "Draw from the prior"},
    box,
    controls,
    element(
      "div",
      {class: "sampling-parts"},
      element("div", {class: "panel"}, picture, panelLabel(symbol("xHat"), " picture")),
      element("div", {class: "panel"}, place, panelLabel(symbol("z"), " image tokens: point at one")),
      element("div", {class: "panel"}, bars, kept)
    ),
    strip,
    element("p", {class: "chart-title"}, "one seed, five temperatures, with this top-k and top-p"),
    row,
    told,
    element(
      "figcaption",
      {},
      "Filled bars: the chances that are drawn from. Outlines: the model’s own, at temperature 1. Move a slider, and the bars follow at once for the tokens that stand; then the pictures are drawn anew."
    )
  );
  let drawing: Drawing | null = null;
  let logits: Float32Array | null = null;
  let patches: ArrayPayload | null = null;
  let codes = 64;
  let run = 0;
  let cell = tokens.chosen;

  const redraw = redrawer(node, () => {
    strip.update(drawing);
    if (drawing === null || patches === null) return;
    const index = Math.min(strip.value, drawing.settings.candidates - 1);
    const drawn = tokensOf(drawing, index);
    tokens.update({tokens: drawn, patches, frontier: 5});
    picture.update({images: drawing.images, index, label: `“${drawing.settings.caption}”, candidate ${index + 1}`});
    const at = tokens.value ?? 5;
    const title = `code at row ${Math.floor(at / grid) + 1}, column ${(at % grid) + 1}`;
    if (logits === null) {
      bars.update({title, distribution: null, patches});
      return;
    }
    const own = logits.subarray(at * codes, (at + 1) * codes);
    const {temperature, topK, topP} = controls.value;
    const from = samplingDistribution(own, {temperature, topK, topP});
    const plain = samplingDistribution(own, {temperature: 1, topK: 0, topP: 1});
    const leading = largest(plain, shownCodes);
    const distribution = {
      codes: leading,
      probabilities: leading.map((k) => plain[k]!),
      drawn: leading.map((k) => from[k]!),
      chosen: drawn[at]!,
      entropy: entropyBits(from)
    };
    bars.update({title, distribution, patches});
    const left = from.reduce((n, p) => n + (p > 0 ? 1 : 0), 0);
    const mass = from.reduce((sum, p, k) => sum + (p > 0 ? plain[k]! : 0), 0);
    kept.textContent = `${left} of ${codes} codes can be drawn; the model gives them ${formatPercent(mass)}. Its own entropy is ${entropyBits(plain).toFixed(2)} bits.`;
  });

  async function draw(): Promise<void> {
    const mine = ++run;
    const overtaken = () => run !== mine;
    try {
      if (drawing === null) tell("Fetching the model …", false);
      const opened = await model.pipeline();
      if (overtaken()) return;
      const {api} = opened;
      await api.cancel();
      patches = opened.patches;
      codes = opened.codes;
      controls.setCodes(codes);
      const caption = box.value;
      const {unknownWords} = await api.tokenize(caption);
      if (overtaken()) return;
      box.tell(unknownWords, vocabulary.xs);
      const next = emptyDrawing({size: "xs", caption, ...controls.value}, opened.grid);
      finishDrawing(next, await api.sample(requestOf(next.settings), () => {}));
      if (overtaken()) return;
      drawing = next;
      tell("", false);
      await readLogits();
      await rowOf(api, next);
      if (!overtaken() && options.nearest !== undefined && next.images !== null) {
        next.nearest = await options.nearest(next.images);
        redraw();
      }
    } catch (error) {
      if (!overtaken()) tell(sentence(error), true);
    }
    async function rowOf(api: PipelineApi, of: Drawing) {
      const pictures: Uint8Array[] = [];
      let shape: readonly number[] = [];
      for (const temperature of temperatures) {
        if (overtaken()) return;
        const {images} = await api.sample({...requestOf(of.settings), candidates: 1, temperature}, () => {});
        pictures.push(Uint8Array.from(images.data));
        shape = images.shape;
      }
      const data = new Uint8Array(pictures.length * pictures[0]!.length);
      for (const [i, one] of pictures.entries()) data.set(one, i * one.length);
      const images = {shape: [pictures.length, ...shape.slice(1)], data};
      if (!overtaken()) row.update({rows: [{label: "", images}], notes: temperatures.map(noteOf)});
    }
  }
  /** The model's logits at every position, given the tokens that stand before it. */
  async function readLogits(): Promise<void> {
    if (drawing === null) return;
    const of = drawing;
    const index = Math.min(strip.value, of.settings.candidates - 1);
    const found = await model.probe("logits", {caption: of.settings.caption, tokens: tokensOf(of, index).join()});
    if (of !== drawing) return;
    logits = Float32Array.from(found.image!.data);
    redraw();
  }
  function moved(): void {
    onSettings?.({sampling: controls.value, caption: box.value, candidate: strip.value, cell: tokens.chosen});
  }
  const drawSoon = debounced(() => void draw(), 250);
  controls.addEventListener("input", () => {
    moved();
    redraw();
    drawSoon();
  });
  box.addEventListener("change", () => {
    moved();
    void draw();
  });
  tokens.addEventListener("input", () => {
    if (tokens.chosen !== cell) {
      cell = tokens.chosen;
      moved();
    }
    redraw();
  });
  strip.addEventListener("input", () => {
    moved();
    void readLogits();
  });
  // Off screen nothing is asked of the model, which may be training.
  const lookAgain = redrawer(node, () => void readLogits().catch(() => undefined));
  model.onChange((what) => {
    if (what === "model") lookAgain();
  });
  void nearScreen(node).then(draw);
  return node;
}

function noteOf(t: number): string {
  return t === 0 ? "t = 0, greedy" : `t = ${t}`;
}
