// Which token may look at which, in which layer, at the paper's size and the miniature's; and how far knowledge travels.

import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatCount} from "../../charts/format.js";
import {keyField} from "../../charts/keyField.js";
import {maskMatrix} from "../../charts/maskMatrix.js";
import {attends, type ImagePattern, layerPatterns} from "../../training/masks.js";
import {panelLabel} from "../encodePanel.js";
import {figure} from "../figure.js";
import {redrawer} from "../redraw.js";
import {symbol} from "../symbol.js";
import {depths} from "./reach.js";

export type MaskSize = "paper" | "miniature";
export type MaskView = "layer" | "layers" | "reach";

export interface MaskFigureOptions {
  readonly size: MaskSize;
  readonly layer: number;
  /** The image token that is looked from, in raster order from 0. */
  readonly token: number;
  readonly view: MaskView;
  /** The miniature's pattern now. */
  masks(): string;
  readonly onSettings?: (settings: {size?: MaskSize; layer?: number; token?: number; view?: MaskView}) => void;
}

export interface MaskFigure extends HTMLElement {
  /** The miniature's pattern has changed. */
  refresh(): void;
}

export interface MaskShape {
  readonly text: number;
  readonly width: number;
  readonly kernel: number;
  readonly layers: number;
}

/** 256 text and 32 × 32 image tokens, 64 layers, an 11 × 11 window in the last; and the XS miniature. */
export const maskShapes: Readonly<Record<MaskSize, MaskShape>> = {
  paper: {text: 256, width: 32, kernel: 11, layers: 64},
  miniature: {text: 16, width: 4, kernel: 3, layers: 4}
};

const patternName: Readonly<Record<ImagePattern, string>> = {
  row: "row",
  column: "column",
  convolution: "convolution",
  dense: "full"
};

export function maskFigure(options: MaskFigureOptions): MaskFigure {
  const {masks, onSettings} = options;
  const size = select<MaskSize>({
    label: "size",
    value: options.size,
    choices: [
      {value: "paper", label: "paper: 1,280², 64 layers"},
      {value: "miniature", label: "miniature: 32², 4 layers"}
    ]
  });
  const view = select<MaskView>({
    label: "on the grid",
    value: options.view,
    choices: [
      {value: "layer", label: "what it sees in this layer"},
      {value: "layers", label: "in how many layers it sees it"},
      {value: "reach", label: "what it can know after layers 1 … this"}
    ]
  });
  const layer = slider({
    label: "layer",
    min: 1,
    max: 64,
    step: 1,
    value: options.layer,
    ticks: [1, 16, 32, 48, 64].map((value) => ({value, label: String(value)})),
    format: (l) => `${Math.min(l, shape().layers)}: ${patternName[patternAt(l)]}`
  });
  const strip = element("div", {class: "layer-strip", "aria-hidden": true});
  const matrix = maskMatrix(kindsOf("row", maskShapes.miniature), {
    label: "Attention mask: query",
    colours: ["--text", "--codes"],
    describe: (row) => describe(row)
  });
  const field = keyField({side: 4, strengths: []}, "Image token that looks", (n) =>
    n === null ? "none: a text token is chosen" : describe(shape().text + n)
  );
  const note = element("p", {class: "mask-words", role: "status"});
  const node = figure(
    {kind: "mask-figure", label: "Attention masks"},
    element("div", {class: "control-bar"}, size, view),
    layer,
    strip,
    element(
      "div",
      {class: "figure-columns"},
      element(
        "div",
        {class: "panel"},
        matrix,
        panelLabel(
          symbol("mask"),
          " who looks goes down, who is looked at across: ",
          coloured("text", "means-text"),
          ", ",
          coloured("image", "means-codes")
        )
      ),
      element("div", {class: "panel"}, field, panelLabel("the image tokens; click the one that looks"))
    ),
    note,
    element(
      "figcaption",
      {},
      "The square is the whole mask: each of its rows is a token that looks, each column one that is looked at, and what is filled may be seen. The grid has the image tokens in their places, as the chosen one sees them; dots mark what comes before it and stays hidden."
    )
  ) as unknown as MaskFigure;

  function shape(): MaskShape {
    return maskShapes[size.value];
  }
  function patterns(): ImagePattern[] {
    return layerPatterns(size.value === "paper" ? "paper" : masks(), shape().layers);
  }
  function patternAt(l: number): ImagePattern {
    return patterns()[Math.min(l, shape().layers) - 1]!;
  }
  function describe(row: number): string {
    const {text, width} = shape();
    if (row < text) return `text token ${row + 1}`;
    const n = row - text;
    return `image token ${formatCount(n + 1)} (row ${Math.floor(n / width) + 1}, column ${(n % width) + 1})`;
  }
  function draw(): void {
    const {text, width, kernel, layers} = shape();
    const all = patterns();
    const l = Math.min(layer.value, layers);
    const pattern = all[l - 1]!;
    drawStrip(all, l);
    matrix.update(kindsOf(pattern, shape()));
    const n = field.value;
    const area = width * width;
    const earlier = (n ?? -1) + 1;
    const strengths = new Float32Array(area);
    const dotted = new Uint8Array(area);
    let words = "";
    if (n === null) {
      words = `${capital(describe(matrix.value))} sees the ${matrix.value + 1} text tokens up to itself, and nothing of the image, in every layer.`;
    } else if (view.value === "layers") {
      for (const one of all) {
        for (let m = 0; m <= n; ++m) if (attends(one, text + n, text + m, text, width, kernel)) strengths[m]! += 1;
      }
      const never = countOf(strengths, earlier, (v) => v === 0);
      words = `Of ${layers} layers, ${describe(text + n)} sees itself in ${strengths[n]}, the one above it in ${strengths[n - width] ?? 0}, and ${never} of ${earlier} never directly.`;
      const most = Math.max(1, ...strengths);
      for (let m = 0; m < earlier; ++m) strengths[m]! = strengths[m] === 0 ? 0 : 0.25 + (0.75 * strengths[m]!) / most;
    } else if (view.value === "reach") {
      const depth = depths(all.slice(0, l), n, {width, kernel});
      for (let m = 0; m <= n; ++m) strengths[m] = depth[m] === 0 ? 0 : 1 / depth[m]!;
      const known = earlier - countOf(depth, earlier, (v) => v === 0);
      words = `After ${l === 1 ? "layer 1" : `layers 1 to ${l}`}, ${describe(text + n)} can know ${known} of the ${earlier} image tokens up to itself, and all of the text. The darker, the fewer layers it takes.`;
    } else {
      for (let m = 0; m <= n; ++m) strengths[m] = attends(pattern, text + n, text + m, text, width, kernel) ? 1 : 0;
      const seen = earlier - countOf(strengths, earlier, (v) => v === 0);
      words = `In layer ${l}, a ${patternName[pattern]} layer, ${describe(text + n)} sees all ${text} text positions and ${seen} image ${seen === 1 ? "token" : "tokens"}, itself among them.`;
    }
    for (let m = 0; m < earlier; ++m) dotted[m] = strengths[m] === 0 ? 1 : 0;
    field.update({side: width, strengths, dotted});
    note.textContent = words;
  }
  function drawStrip(all: readonly ImagePattern[], l: number): void {
    strip.style.setProperty("--count", String(all.length));
    strip.replaceChildren(
      ...all.map((pattern, i) => {
        const letter = all.length > 16 ? "" : patternName[pattern];
        return element(
          "span",
          {class: `of-${pattern}${i + 1 === l ? " now" : ""}`, title: `${i + 1}: ${pattern}`},
          letter
        );
      })
    );
  }
  function adapt(): void {
    const {text, width, layers} = shape();
    const input = layer.querySelector("input")!;
    input.max = String(layers);
    layer.value = Math.min(layer.value, layers);
    layer.classList.toggle("short", layers < 64);
    matrix.update(kindsOf(patternAt(layer.value), shape()));
    const n = Math.min(field.value ?? 0, width * width - 1);
    field.update({side: width, strengths: []});
    field.value = n;
    matrix.value = text + n;
  }
  size.addEventListener("input", () => {
    const {width} = shape();
    field.value = null;
    field.update({side: width, strengths: []});
    field.value = Math.floor(width / 2) * width + Math.floor(width / 2);
    adapt();
    onSettings?.({size: size.value, token: field.value, layer: layer.value});
    draw();
  });
  view.addEventListener("input", () => {
    onSettings?.({view: view.value});
    draw();
  });
  layer.addEventListener("input", () => {
    onSettings?.({layer: layer.value});
    draw();
  });
  matrix.addEventListener("input", () => {
    const {text} = shape();
    field.value = matrix.value < text ? null : matrix.value - text;
    if (field.value !== null) onSettings?.({token: field.value});
    draw();
  });
  field.addEventListener("input", () => {
    if (field.value === null) return;
    matrix.value = shape().text + field.value;
    onSettings?.({token: field.value});
    draw();
  });
  field.update({side: shape().width, strengths: []});
  field.value = Math.min(options.token, shape().width ** 2 - 1);
  adapt();
  const redraw = redrawer(node, draw); // on screen, where the style sheet's colours are known
  redraw();
  node.refresh = () => {
    if (size.value === "miniature") draw();
  };
  return node;
}

const kindCache = new Map<string, {length: number; kinds: Uint8Array}>();

/** 1 where a query may look at text, 2 at the image, by the rule that the model itself uses. */
export function kindsOf(pattern: ImagePattern, {text, width, kernel}: MaskShape): {length: number; kinds: Uint8Array} {
  const name = `${pattern} ${text} ${width}`;
  let found = kindCache.get(name);
  if (found === undefined) {
    const length = text + width * width;
    const kinds = new Uint8Array(length * length);
    for (let q = 0; q < length; ++q) {
      for (let k = 0; k <= q; ++k) {
        if (attends(pattern, q, k, text, width, kernel)) kinds[q * length + k] = k < text ? 1 : 2;
      }
    }
    found = {length, kinds};
    kindCache.set(name, found);
  }
  return found;
}

function countOf(values: ArrayLike<number>, count: number, holds: (value: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < count; ++i) if (holds(values[i]!)) found += 1;
  return found;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function coloured(text: string, kind: string): HTMLElement {
  return element("span", {class: `term ${kind}`}, text);
}
