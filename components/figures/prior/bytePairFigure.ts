// How byte pairs are learnt: the merges step by step on the captions, and any caption cut by the first k of them.

import {captionTokens} from "../../charts/captionTokens.js";
import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element, uniqueId} from "../../charts/dom.js";
import {formatCount} from "../../charts/format.js";
import {rankedBars} from "../../charts/rankedBars.js";
import {encodeText, pieces} from "../../training/text.js";
import {sentence} from "../drawer.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import type {PriorModel} from "./model.js";

export interface BytePairOptions {
  readonly merges: number;
  readonly caption: string;
  /** Captions to cut besides the reader's. */
  readonly examples: readonly string[];
  readonly onSettings?: (settings: {merges?: number; caption?: string}) => void;
}

export interface LearntMerges {
  readonly pairs: readonly (readonly [number, number])[];
  readonly counts: readonly number[];
  /** For each step the most frequent pairs with their counts, the winner first. */
  readonly ranking: readonly (readonly {readonly pair: readonly [number, number]; readonly count: number}[])[];
  /** How many captions they were learnt from. */
  readonly captions: number;
}

const textLength = 16;

export function bytePairFigure(model: Pick<PriorModel, "probe">, options: BytePairOptions): HTMLElement {
  const {examples, onSettings} = options;
  const steps = slider({
    label: "merges made",
    min: 0,
    max: 96,
    step: 1,
    value: options.merges,
    ticks: [0, 25, 50, 96],
    format: String
  });
  const next = button("Next merge", {kind: "primary"});
  const play = button("Play");
  const ranking = rankedBars({title: "", rows: []});
  const id = uniqueId("own-text");
  const input = element("input", {id, type: "text", maxlength: 200, autocomplete: "off", spellcheck: "false"});
  input.value = options.caption;
  const own = captionTokens({pieces: [], ids: [], textLength});
  const cut = element("ul", {class: "cut-captions"});
  const vocabulary = element("p", {class: "merged-pieces"});
  const told = element("p", {class: "chart-note", role: "status"});
  const node = figure(
    {kind: "byte-pairs", label: "Byte pairs, learnt step by step"},
    element("div", {class: "control-bar"}, next, play, told),
    steps,
    element(
      "div",
      {class: "figure-columns"},
      element("div", {}, ranking, element("p", {class: "chart-title"}, "tokens made so far"), vocabulary),
      element("div", {}, element("p", {class: "chart-title"}, "captions, cut with the merges made so far"), cut)
    ),
    element("div", {class: "field"}, element("label", {for: id}, "your caption"), input),
    own,
    element(
      "figcaption",
      {},
      "Each step counts the neighbouring pairs in all captions and joins the most frequent into one new token. A space belongs to the word after it, and is drawn ␣. Type anything: what was never merged stays bytes, so no text is unreadable."
    )
  );
  let learnt: LearntMerges | null = null;
  let timer: ReturnType<typeof setInterval> | null = null;

  function draw(): void {
    if (learnt === null) return;
    const made = Math.min(steps.value, learnt.pairs.length);
    const bpe = {merges: learnt.pairs.slice(0, made)};
    const words = (ids: readonly number[]) => pieces(bpe, ids).map((piece) => piece.replaceAll(" ", "␣"));
    const rows = (learnt.ranking[made] ?? []).map(({pair, count}, i) => ({
      name: words(pair).join(" + "),
      value: count,
      text: formatCount(count),
      marked: i === 0
    }));
    ranking.update({title: rows.length > 0 ? `pairs at step ${made + 1}` : "no pair is left that occurs twice", rows});
    const newest = words([256 + made - 1]);
    vocabulary.replaceChildren(
      ...(made === 0 ? ["none yet: 256 bytes only"] : []),
      ...learnt.pairs.slice(0, made).map((_, i) => {
        const text = words([256 + i])[0]!;
        return element(i === made - 1 ? "mark" : "span", {}, text);
      })
    );
    let total = 0;
    cut.replaceChildren(
      ...examples.map((caption) => {
        const ids = encodeText(bpe, caption);
        total += ids.length;
        return element(
          "li",
          {},
          ...words(ids).map((piece, i) =>
            element(made > 0 && ids[i] === 255 + made ? "mark" : "span", {class: "piece"}, piece)
          )
        );
      })
    );
    const ids = encodeText(bpe, input.value);
    own.update({pieces: pieces(bpe, ids), ids, textLength});
    const mean = (total / examples.length).toFixed(1);
    const last = made === 0 ? "Bytes only" : `Step ${made}: “${newest[0]}” is token ${255 + made}`;
    told.textContent = `${last}. ${mean} tokens a caption.`;
    next.disabled = made >= learnt.pairs.length;
  }
  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }
  function forward(): void {
    if (learnt === null || steps.value >= learnt.pairs.length) {
      stop();
      return;
    }
    steps.value += 1;
    moved();
  }
  function moved(): void {
    onSettings?.({merges: steps.value});
    draw();
  }
  steps.addEventListener("input", () => {
    stop();
    moved();
  });
  next.addEventListener("click", () => {
    stop();
    forward();
  });
  play.addEventListener("click", () => {
    if (timer !== null) {
      stop();
      return;
    }
    if (learnt !== null && steps.value >= learnt.pairs.length) steps.value = 0;
    play.textContent = "Stop";
    timer = setInterval(forward, 250);
  });
  input.addEventListener("input", () => {
    onSettings?.({caption: input.value});
    draw();
  });
  void nearScreen(node).then(async () => {
    try {
      told.textContent = "Counting pairs in the captions …";
      learnt = mergesOf(await model.probe("merges"));
      draw();
    } catch (error) {
      told.textContent = sentence(error);
    }
  });
  return node;
}

/** What the probe "merges" says. */
export function mergesOf(found: Awaited<ReturnType<PriorModel["probe"]>>): LearntMerges {
  const {pairs, counts, ranking, captions} = found;
  const n = counts!.data.length;
  const r = ranking!.shape[1] ?? 0;
  return {
    pairs: Array.from({length: n}, (_, i) => [pairs!.data[2 * i]!, pairs!.data[2 * i + 1]!] as const),
    counts: Array.from(counts!.data),
    ranking: Array.from({length: n}, (_, i) =>
      Array.from({length: r}, (_, j) => Array.from(ranking!.data.slice((i * r + j) * 3, (i * r + j + 1) * 3)))
        .filter(([left]) => left! >= 0)
        .map(([left, right, count]) => ({pair: [left!, right!] as const, count: count!}))
    ),
    captions: captions!.data[0]!
  };
}
