// What did the model look at when it wrote this token? Attention weights of the real prior, every layer and head.

import {attentionWeights} from "../../charts/attentionWeights.js";
import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {matrixThumb} from "../../charts/matrixThumb.js";
import {attends, layerPatterns} from "../../training/masks.js";
import {captionBox} from "../captionBox.js";
import {sentence} from "../drawer.js";
import {panelLabel} from "../encodePanel.js";
import {figure} from "../figure.js";
import {nearScreen, redrawer} from "../redraw.js";
import {suggestions, vocabulary} from "../scenes.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import type {PriorModel, Subject} from "./model.js";

export interface AttentionOptions {
  readonly caption: string;
  /** Place in the sequence of the token that is asked about. */
  readonly token: number;
  /** 0 is the mean. */
  readonly layer: number;
  readonly head: number;
  readonly onSettings?: (settings: {caption?: string; token?: number; layer?: number; head?: number}) => void;
}

export interface Attention {
  readonly layers: number;
  readonly heads: number;
  readonly length: number;
  /** [layers, heads, length, length] */
  readonly data: ArrayLike<number>;
}

/** The size of the miniature's masks. */
const grid = 4;
const kernel = 3;

export function attentionFigure(model: PriorModel, options: AttentionOptions): HTMLElement {
  const {onSettings} = options;
  const box = captionBox({value: options.caption, suggestions: suggestions.xs, action: "Draw"});
  const layer = select({label: "layer", choices: layerChoices(model.masks, 4), value: String(options.layer)});
  const head = select({label: "head", choices: numbered(4, (i) => `${i}`), value: String(options.head)});
  const weights = attentionWeights(
    {pieces: [], tokens: [], columns: grid, patches: null, weights: () => null, allowed: () => false},
    options.token
  );
  const thumbs = element("div", {class: "thumbs", role: "group", "aria-label": "Every layer and head"});
  const {node: told, tell} = teller();
  const node = figure(
    {kind: "attention-figure", label: "What the prior looks at"},
    box,
    element(
      "div",
      {class: "attention-parts"},
      weights,
      element(
        "div",
        {class: "panel"},
        thumbs,
        panelLabel(
          "one small square a layer (down) and head (across); in it, who looks goes down, who is looked at across; click one to look with it alone"
        ),
        element("div", {class: "control-bar"}, layer, head)
      )
    ),
    told
  );
  let attention: Attention | null = null;
  let run = 0;

  const redraw = redrawer(node, () => {
    const {subject} = model;
    if (subject === null || attention === null || patches === null) return;
    const found = attention;
    const patterns = layerPatterns(model.masks, found.layers);
    const text = 1 + subject.pieces.length;
    const chosenLayers = layer.value === "0" ? patterns : [patterns[Number(layer.value) - 1]!];
    weights.update({
      pieces: subject.pieces,
      tokens: subject.tokens,
      columns: grid,
      patches,
      weights: (place) => meanWeights(found, Number(layer.value), Number(head.value), place),
      allowed: (place, state) => chosenLayers.some((pattern) => attends(pattern, place, state, text, grid, kernel))
    });
    drawThumbs(found);
  });
  function drawThumbs({layers, heads, length, data}: Attention): void {
    if (thumbs.childElementCount !== layers * heads) {
      thumbs.style.setProperty("--columns", String(heads));
      thumbs.replaceChildren(
        ...Array.from({length: layers * heads}, (_, i) => {
          const [l, h] = [Math.floor(i / heads) + 1, (i % heads) + 1];
          const thumb = matrixThumb(`layer ${l}, head ${h}`);
          thumb.addEventListener("click", () => {
            const same = layer.value === String(l) && head.value === String(h);
            layer.value = same ? "0" : String(l);
            head.value = same ? "0" : String(h);
            chosen();
          });
          return thumb;
        })
      );
    }
    for (const [i, thumb] of [...thumbs.children].entries()) {
      const size = length * length;
      const own = Array.from({length: size}, (_, j) => data[i * size + j]!);
      (thumb as ReturnType<typeof matrixThumb>).update({length, data: own, row: weights.value});
      const [l, h] = [String(Math.floor(i / heads) + 1), String((i % heads) + 1)];
      const used = (layer.value === "0" || layer.value === l) && (head.value === "0" || head.value === h);
      thumb.setAttribute("aria-pressed", String(used));
    }
  }
  let patches: Parameters<typeof weights.update>[0]["patches"] = null;
  function chosen(): void {
    onSettings?.({layer: Number(layer.value), head: Number(head.value)});
    redraw();
  }
  async function look(subject: Subject): Promise<void> {
    const mine = ++run;
    try {
      const found = await model.probe("attention", {caption: subject.caption, tokens: subject.tokens.join()});
      if (mine !== run) return;
      attention = attentionOf(found.weights!);
      layer.setChoices(layerChoices(model.masks, attention.layers));
      redraw();
    } catch (error) {
      if (mine === run) tell(sentence(error), true);
    }
  }
  async function draw(): Promise<void> {
    try {
      tell("Fetching the model …", false);
      const {api, patches: found} = await model.pipeline();
      patches = found;
      const {unknownWords} = await api.tokenize(box.value);
      box.tell(unknownWords, vocabulary.xs);
      await model.draw(box.value);
      onSettings?.({caption: box.value});
      tell("", false);
    } catch (error) {
      tell(sentence(error), true);
    }
  }
  // Off screen nothing is asked of the model, which may be training.
  const lookAgain = redrawer(node, () => {
    if (model.subject !== null) void look(model.subject);
  });
  model.onChange(() => {
    if (model.subject !== null && box.value !== model.subject.caption) box.value = model.subject.caption;
    lookAgain();
  });
  weights.addEventListener("input", () => {
    onSettings?.({token: weights.value});
    redraw();
  });
  layer.addEventListener("input", chosen);
  head.addEventListener("input", chosen);
  box.addEventListener("change", () => void draw());
  void nearScreen(node).then(draw);
  node.append(
    element(
      "figcaption",
      {},
      "Point at a token, or click it and go on with the arrow keys: the others show how much of the attention went to them when it was written. What is crossed out could not be seen. “start” opens the row, and · is a text place that the caption leaves empty. ",
      "Text is ",
      symbol("y"),
      ", image tokens are ",
      symbol("z"),
      "."
    )
  );
  return node;
}

export function attentionOf({shape, data}: {shape: readonly number[]; data: ArrayLike<number>}): Attention {
  const [layers = 0, heads = 0, length = 0] = shape;
  return {layers, heads, length, data};
}

/** The row of state `place` as a mean over the layers and heads that are asked for; 0 stands for all. */
export function meanWeights(
  {layers, heads, length, data}: Attention,
  layer: number,
  head: number,
  place: number
): Float64Array | null {
  if (place >= length) return null;
  const row = new Float64Array(length);
  const all = (chosen: number, count: number) =>
    chosen === 0 ? Array.from({length: count}, (_, i) => i) : [Math.min(chosen, count) - 1];
  const ls = all(layer, layers);
  const hs = all(head, heads);
  for (const l of ls) {
    for (const h of hs) {
      const from = ((l * heads + h) * length + place) * length;
      for (let k = 0; k < length; ++k) row[k]! += data[from + k]! / (ls.length * hs.length);
    }
  }
  return row;
}

function layerChoices(masks: string, layers: number) {
  const patterns = layerPatterns(masks, layers);
  return numbered(layers, (i) => `${i}: ${patterns[i - 1] === "dense" ? "full" : patterns[i - 1]}`);
}

function numbered(count: number, name: (i: number) => string) {
  return [
    {value: "0", label: "mean of all"},
    ...Array.from({length: count}, (_, i) => ({value: String(i + 1), label: name(i + 1)}))
  ];
}
