// The instrument: type a caption, watch the image tokens arrive, see the candidates.

import {select} from "../charts/controls/select.js";
import {distributionBars} from "../charts/distributionBars.js";
import {element} from "../charts/dom.js";
import {pixelImage} from "../charts/pixelImage.js";
import {type TokenGrid, tokenGrid} from "../charts/tokenGrid.js";
import {enlargeButton} from "../notebook/fullscreen.js";
import {pageSettings} from "../notebook/settings.js";
import type {ArrayPayload, ClipApi, Size} from "../training/protocol.js";
import {backendSelect} from "./backendChoice.js";
import {candidateStrip} from "./candidateStrip.js";
import {captionBox, type Suggestion} from "./captionBox.js";
import {drawer, sentence} from "./drawer.js";
import {type Drawing, leastCertain, orderOf, sameSettings, tokensOf} from "./drawing.js";
import type {FigureEngine} from "./engine.js";
import {addressOf, mostCandidates, samplingOf} from "./instrumentAddress.js";
import {hasOwnWeights, openOwnWeights} from "./ownWeights.js";
import {isShipped, type LoadShipped, type PipelineWeights, pipelines, shippedWeights} from "./pipelines.js";
import {debounced, nearScreen, redrawer} from "./redraw.js";
import {samplingControls} from "./samplingControls.js";
import * as scenes from "./scenes.js";
import {decodeBytes, type StoredResults, storedDrawing} from "./stored.js";
import {teller} from "./teller.js";

export interface InstrumentOptions {
  readonly size?: Size;
  readonly suggestions?: Readonly<Record<Size, readonly Suggestion[]>>;
  readonly loadShipped?: LoadShipped;
  /** Real results, shown until the model is there. */
  readonly stored?: StoredResults;
  /** Fetches a CLIP that ranks the candidates, once the reader asks for it; without it they stay as drawn. */
  loadClip?(size: Size): Promise<ClipApi>;
}

export interface Instrument extends HTMLElement {
  /** Draw with these weights, e.g. the reader's own, from now on. */
  useWeights(weights: PipelineWeights): void;
}

const sizeNames: Readonly<Record<Size, string>> = {s: "S · 32×32 pixels", xs: "XS · 16×16 pixels"};

export function instrument(engine: FigureEngine, options: InstrumentOptions): Instrument {
  const {suggestions = scenes.suggestions, stored, loadShipped, loadClip} = options;
  const address = pageSettings(addressOf(options.size ?? "s"));
  const firstSize = address.values.size;
  const opened = pipelines(engine, loadShipped);
  let own: PipelineWeights | null = null;
  let weights = shippedWeights(firstSize);
  let drawing: Drawing | null = null;
  let patches: ArrayPayload | null = null;

  const box = captionBox({
    value: address.values.caption || (suggestions[firstSize][0]?.caption ?? ""),
    suggestions: suggestions[firstSize],
    action: "Draw"
  });
  const picture = pixelImage({images: null, label: "No picture yet"}, {grid: 8});
  const gridPlace = element("div", {class: "grid-place"});
  const bars = distributionBars({title: "", distribution: null, patches: null});
  const strip = candidateStrip();
  const controls = samplingControls(samplingOf(address.values), mostCandidates);
  const rank = element("input", {type: "checkbox", checked: address.values.rank});
  const rankChoice = loadClip && element("label", {class: "check"}, rank, "best first, by CLIP");
  const sizeChoice = select<Size>({
    label: "model",
    value: firstSize,
    choices: (["s", "xs"] as const).map((value) => ({value, label: sizeNames[value]}))
  });
  const weightsChoice = select<"shipped" | "own">({
    label: "weights",
    value: "shipped",
    choices: [
      {value: "shipped", label: "shipped"},
      {value: "own", label: "yours"}
    ]
  });
  weightsChoice.hidden = true;
  const {node: state, tell} = teller();
  const node = element(
    "figure",
    {class: "figure instrument", "aria-label": "Draw an image from a caption"},
    box,
    element(
      "div",
      {class: "stage"},
      element("div", {class: "panel"}, picture, label("x", "image", "means-image")),
      element("div", {class: "panel"}, gridPlace, label("z", "image tokens", "means-codes")),
      bars
    ),
    strip,
    controls,
    element("div", {class: "figure-foot"}, state, rankChoice, weightsChoice, sizeChoice, backendSelect(engine, tell))
  );

  let grid: TokenGrid | null = null;
  let gridSide = 0;
  function setGrid(side: number): TokenGrid {
    if (grid !== null && side === gridSide) return grid;
    gridSide = side;
    grid = tokenGrid({tokens: [], patches: null}, {rows: side, columns: side, label: "Image tokens"});
    grid.addEventListener("input", redraw);
    gridPlace.replaceChildren(grid);
    return grid;
  }

  const redraw = redrawer(node, () => {
    const d = drawing;
    strip.update(d);
    if (d === null) return;
    const candidate = strip.value;
    const tokens = tokensOf(d, candidate);
    const side = setGrid(d.grid);
    // Nobody points at a position: the one drawn last, and in the end the one that was the least certain.
    const growing = d.drawn < tokens.length;
    const lead = growing ? Math.max(0, d.drawn - 1) : leastCertain(d, candidate);
    side.update({tokens, patches, frontier: d.drawn > 0 ? lead : null});
    picture.update({
      images: d.images,
      index: candidate,
      label: `“${d.settings.caption}”, candidate ${candidate + 1}`,
      part: {grid: d.grid, drawn: d.imagesDrawn}
    });
    const position = side.value ?? lead ?? 0;
    const distribution = d.distributions[candidate * tokens.length + position] ?? null;
    const row = Math.floor(position / d.grid) + 1;
    const column = (position % d.grid) + 1;
    const least = side.value === null && !growing && distribution !== null ? ", the least certain" : "";
    const title = `code at row ${row}, column ${column}${least}`;
    bars.update({title: d.stored ? "the probabilities come with the model" : title, distribution, patches});
  });

  const drawers = drawer({
    engine,
    open: () => opened.get(weights),
    onDrawing(next, codebook) {
      drawing = next;
      patches = codebook;
      controls.setCodes(codebook.shape[0] ?? 0);
      redraw();
    },
    onUnknown: (words) => box.tell(words, scenes.vocabulary[weights.size]),
    onDrawn() {
      void lookForOwn(weights.size);
      void putInOrder(true);
    },
    onState: (text, problem) => tell(drawing?.stored ? `A stored result. ${text}` : text, problem)
  });

  node.lastElementChild!.append(enlargeButton(node));

  function settings() {
    return {size: weights.size, caption: box.value, ...controls.value};
  }
  function draw(): void {
    const {size, caption, seed, candidates: n, temperature: t, topK: k, topP: p} = settings();
    const usual = caption === suggestions[size][0]?.caption;
    address.set({size, caption: usual ? "" : caption, seed, n, t, k, p});
    look();
    showStored();
    void drawers.draw(settings());
  }
  /** Puts a stored result with these settings on show, if there is one and the model is not here yet. */
  function showStored(): void {
    if (drawers.live || stored === undefined || !isShipped(weights)) return;
    const found = stored.drawings.find((one) => sameSettings(one.settings, settings()));
    const atlas = stored.patches[weights.size];
    if (found === undefined || atlas === undefined) return;
    drawing = storedDrawing(found);
    patches = decodeBytes(atlas);
    redraw();
  }
  /** Has CLIP put the finished candidates in order, if the reader wants that, or puts them back as they were drawn. */
  async function putInOrder(choose: boolean): Promise<void> {
    const of = drawing;
    if (loadClip === undefined || of === null || of.images === null || of.drawn < of.grid ** 2) return;
    if (!rank.checked) {
      of.cosines = null;
      return redraw();
    }
    try {
      const clip = await loadClip(of.settings.size);
      const {textToImage} = await clip.compare([of.settings.caption], of.images);
      if (of !== drawing || !rank.checked) return;
      of.cosines = textToImage.data;
      if (choose) strip.value = orderOf(of)[0]!;
      redraw();
    } catch (error) {
      if (of === drawing) tell(`The candidates could not be ranked: ${sentence(error)}`, true);
    }
  }
  function switchTo(next: PipelineWeights): void {
    const other = next.size !== weights.size;
    weights = next;
    sizeChoice.value = next.size;
    weightsChoice.value = isShipped(next) ? "shipped" : "own";
    if (other) {
      box.setSuggestions(suggestions[next.size]);
      box.value = suggestions[next.size][0]?.caption ?? box.value;
    }
    draw();
  }

  /** Looks at the caption as it is typed. */
  function look(): void {
    box.markUnseen(box.value !== "" && scenes.isUnseen(weights.size, box.value));
  }

  box.addEventListener("change", draw);
  box.addEventListener("input", look);
  box.addEventListener(
    "input",
    debounced(() => void drawers.read(box.value), 250)
  );
  strip.addEventListener("input", redraw);
  controls.addEventListener("input", debounced(draw, 200));
  rank.addEventListener("input", (event) => {
    event.stopPropagation(); // the same candidates, in another order
    address.set({rank: rank.checked});
    void putInOrder(true);
  });
  sizeChoice.addEventListener("input", () => switchTo(shippedWeights(sizeChoice.value)));
  weightsChoice.addEventListener("input", () => {
    if (weightsChoice.value === "own") void useOwn();
    else switchTo(shippedWeights(weights.size));
  });
  /** Offers the reader's own weights where some are stored. */
  async function lookForOwn(size: Size): Promise<void> {
    if (own?.size === size) return;
    const found = await hasOwnWeights(engine, size).catch(() => false);
    if (weights.size === size && own?.size !== size) weightsChoice.hidden = !found;
  }
  async function useOwn(): Promise<void> {
    try {
      own = own?.size === weights.size ? own : await openOwnWeights(engine, weights.size);
      switchTo(own);
    } catch (error) {
      weightsChoice.value = "shipped";
      tell(sentence(error), true);
    }
  }
  engine.onNotice((sentence) => tell(sentence, false));

  if (address.problems.length > 0) tell(address.problems.join(" "), true);
  look();
  setGrid(8);
  redraw();
  showStored();
  void nearScreen(node).then(draw);
  return Object.assign(node, {
    useWeights(next: PipelineWeights) {
      own = next;
      weightsChoice.hidden = false;
      switchTo(next);
    }
  });
}

function label(symbol: string, text: string, kind: string): HTMLElement {
  return element(
    "p",
    {class: "panel-label"},
    element("i", {class: `symbol ${kind}`, "data-symbol": symbol}, symbol),
    ` ${text}`
  );
}
