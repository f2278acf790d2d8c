// Re-ranking: N candidates of one caption, drawn progressively, in the order in which a small CLIP likes them.

import {seedField} from "../../charts/controls/seedField.js";
import type {Select} from "../../charts/controls/select.js";
import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element, extend} from "../../charts/dom.js";
import {type RankedImages, rankedImages} from "../../charts/rankedImages.js";
import type {ClipApi, Size} from "../../training/protocol.js";
import {captionBox} from "../captionBox.js";
import {figure} from "../figure.js";
import type {OpenPipeline} from "../pipelines.js";
import {debounced, nearScreen, redrawer} from "../redraw.js";
import * as scenes from "../scenes.js";
import {teller} from "../teller.js";
import {candidateCard} from "./candidateCard.js";
import {rankAddress} from "./rankAddress.js";
import {ranker} from "./ranker.js";
import {type Candidate, canJudge, type RankSettings, ranked, wordsOf} from "./ranking.js";
import type {Whose} from "./sources.js";

export interface RerankOptions {
  openPipeline(size: Size): Promise<OpenPipeline>;
  openClip(size: Size, whose?: Whose): Promise<ClipApi>;
  /** Whose CLIP ranks, if there is a choice. */
  readonly whose?: Select<Whose>;
  readonly sizes: readonly Size[];
  /** Candidates at first, and at most. */
  readonly usual?: number;
  readonly most?: number;
  /** Before the names of its settings in the address. */
  readonly prefix?: string;
}

export interface RerankFigure extends HTMLElement {
  /** Calls back with a series as it grows. */
  onCandidates(listener: (candidates: readonly Candidate[], settings: RankSettings) => void): void;
  /** Draws this series and points at the candidate of this number. */
  show(series: RankSettings, count: number, number: number): void;
}

export function rerankFigure(options: RerankOptions): RerankFigure {
  const {openPipeline, openClip, whose, sizes, usual = 32, most = 512, prefix = ""} = options;
  const address = rankAddress({prefix, size: sizes[0]!, usual, most});
  const given = address.values;
  // One that training never held: there is more to be wrong about.
  const first = (size: Size) =>
    (scenes.suggestions[size].find(({unseen}) => unseen) ?? scenes.suggestions[size][0])?.caption ?? "";
  const box = captionBox({
    value: given.caption || first(given.size),
    suggestions: scenes.suggestions[given.size],
    action: "Draw"
  });
  const count = slider({
    symbol: "N",
    label: "candidates",
    min: 1,
    max: most,
    scale: "log",
    step: 1,
    value: given.n,
    ticks: [1, 8, 32, 128, 512].filter((n) => n <= most),
    format: String
  });
  const temperature = slider({
    symbol: "t",
    symbolName: "temperature",
    label: "temperature",
    min: 0,
    max: 2,
    step: 0.05,
    value: given.t,
    format: (t) => (t === 0 ? "0, greedy" : t.toFixed(2))
  });
  const seed = seedField(given.seed);
  const model = sizeSelect(given.size, sizes);
  const cards = {
    best: candidateCard("best"),
    median: candidateCard("median"),
    worst: candidateCard("worst"),
    other: candidateCard("first right one")
  };
  const strip: RankedImages = rankedImages([], {label: "Candidates, the best liked first", height: 128});
  const tally = element("p", {class: "rank-tally"});
  const {node: state, tell} = teller(address.problems.join(" "));
  const node = figure(
    {kind: "stack clip-figure rerank-figure", label: "Candidates of a caption, ranked by a small CLIP"},
    box,
    element(
      "div",
      {class: "rank-stage"},
      element("div", {class: "rank-cards"}, ...Object.values(cards).map((card) => card.node)),
      element("div", {class: "rank-all"}, count, strip, tally, state)
    ),
    element("div", {class: "controls"}, temperature, seed, model, whose)
  );
  const listeners = new Set<(candidates: readonly Candidate[], settings: RankSettings) => void>();
  let drawn: readonly Candidate[] = [];
  let pointTo: number | null = null;

  const draws = ranker({
    openPipeline,
    openClip: (size) => openClip(size, whose?.value),
    onCandidates(candidates, settings) {
      drawn = candidates;
      for (const listener of listeners) listener(candidates, settings);
      redraw();
    },
    onUnknown: (words) => box.tell(words, scenes.vocabulary[model.value]),
    onState: tell
  });

  let order: Candidate[] = [];
  const redraw = redrawer(node, () => {
    order = ranked(drawn.slice(0, count.value));
    const judged = canJudge(model.value, box.value);
    strip.update(
      order.map((one, place) => ({
        images: one.images,
        index: one.index,
        marked: one.right && judged,
        label: `place ${place + 1} of ${order.length}: cosine ${one.cosine.toFixed(3)}, ${judged ? wordsOf(one) : "not graded"}`
      }))
    );
    if (pointTo !== null && order.length >= Math.min(count.value, pointTo + 1)) {
      const place = order.findIndex(({number}) => number === pointTo);
      if (place >= 0) {
        strip.value = place;
        pointTo = null;
      }
    }
    showCards(judged);
  });
  function showCards(judged: boolean): void {
    const total = order.length;
    const middle = Math.max(0, Math.ceil(total / 2) - 1);
    cards.best.update(order[0], `best of ${total}`, judged);
    cards.median.update(order[middle], "median", judged);
    cards.worst.update(order[total - 1], "worst", judged);
    const right = order.findIndex((one) => one.right);
    const pointed = strip.value;
    const place = pointed ?? (judged && right >= 0 ? right : null);
    const name = pointed === null ? "first right one" : "pointed at";
    const where = place === null ? "" : `: place ${place + 1}`;
    cards.other.update(place === null ? undefined : order[place], `${name}${where}`, judged);
    const rights = order.filter((one) => one.right).length;
    tally.textContent =
      total === 0
        ? "Nothing drawn yet."
        : judged
          ? `Best liked first. Bar below: the ${rights} of ${total} that are right.`
          : "The grader finds no object that it knows in this caption, so nothing is marked.";
  }
  strip.addEventListener("input", (event) => {
    event.stopPropagation();
    showCards(canJudge(model.value, box.value));
  });

  function settings(): RankSettings {
    return {size: model.value, caption: box.value, seed: seed.value, temperature: temperature.value};
  }
  function draw(): void {
    const {size, caption, seed: at, temperature: t} = settings();
    address.set({size, caption: caption === first(size) ? "" : caption, n: count.value, t, seed: at});
    look();
    void draws.draw(settings(), count.value);
    redraw();
  }
  function again(): void {
    strip.value = null;
    pointTo = null;
    draw();
  }
  function look(): void {
    box.markUnseen(box.value !== "" && scenes.isUnseen(model.value, box.value));
  }
  const later = debounced(again, 250);
  box.addEventListener("change", again);
  box.addEventListener("input", look);
  count.addEventListener("input", redraw);
  count.addEventListener("input", debounced(draw, 200));
  for (const control of [temperature, seed]) control.addEventListener("input", later);
  model.addEventListener("input", () => {
    takeSize();
    again();
  });
  whose?.addEventListener("input", () => {
    draws.forget();
    if (whose.value === "own" && model.value !== "xs") {
      model.value = "xs";
      takeSize();
    }
    again();
  });
  function takeSize(): void {
    box.setSuggestions(scenes.suggestions[model.value]);
    box.value = first(model.value);
  }
  look();
  redraw();
  void nearScreen(node).then(draw);
  return extend(node, {
    onCandidates: (listener: (candidates: readonly Candidate[], settings: RankSettings) => void) =>
      void listeners.add(listener),
    show(series: RankSettings, candidates: number, number: number) {
      model.value = series.size;
      box.setSuggestions(scenes.suggestions[series.size]);
      box.value = series.caption;
      [seed.value, temperature.value, count.value] = [series.seed, series.temperature, candidates];
      if (whose !== undefined) whose.value = "shipped";
      strip.value = null;
      pointTo = number;
      draw();
      node.scrollIntoView({block: "nearest"});
    }
  });
}

function sizeSelect(value: Size, sizes: readonly Size[]): Select<Size> {
  const names: Readonly<Record<Size, string>> = {s: "S · 32×32 pixels", xs: "XS · 16×16 pixels"};
  const node = select<Size>({label: "model", value, choices: sizes.map((size) => ({value: size, label: names[size]}))});
  node.hidden = sizes.length < 2;
  return node;
}
