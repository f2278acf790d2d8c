// The other way round: an image that the reader draws or drops, its tokens, and what the decoder makes of them.

import {button} from "../charts/controls/button.js";
import {element} from "../charts/dom.js";
import {formatNumber} from "../charts/format.js";
import {pixelImage} from "../charts/pixelImage.js";
import {type PixelPad, type PixelPadOptions, pixelPad} from "../charts/pixelPad.js";
import {type TokenGrid, tokenGrid} from "../charts/tokenGrid.js";
import type {ArrayPayload} from "../training/protocol.js";
import type {OpenPipeline} from "./pipelines.js";
import {debounced} from "./redraw.js";
import {symbol} from "./symbol.js";

export interface EncodePanelOptions {
  /** Colours to paint with. */
  palette(): PixelPadOptions["palette"];
  open(): Promise<OpenPipeline>;
  /** The reader wants these tokens in the grid above. */
  onTake(tokens: Int32Array): void;
  /** The tokens of the image as it is now. */
  onTokens?(tokens: Int32Array): void;
  /** What taking them is called. */
  readonly takeLabel?: string;
  onMessage(text: string, problem: boolean): void;
}

export interface EncodePanel {
  readonly node: HTMLElement;
  /** Fits the panel to a model's sizes and shows an image: uint8 [1, H, W, 3]. */
  setModel(model: OpenPipeline, image: ArrayPayload | null): void;
  /** Puts another image on the pad, once there is a model, and gives its tokens; null if that was overtaken. */
  show(image: ArrayPayload): Promise<Int32Array | null>;
}

export function encodePanel(options: EncodePanelOptions): EncodePanel {
  const {palette, open, onTake, onTokens, takeLabel = "Use these tokens above", onMessage} = options;
  const padPlace = element("div", {class: "panel pad-panel"});
  const gridPlace = element("div", {class: "panel"});
  const soft = pixelImage({images: null, label: "soft reconstruction"});
  const hard = pixelImage({images: null, label: "hard reconstruction"});
  const softNote = element("span", {});
  const hardNote = element("span", {});
  const take = button(takeLabel);
  const node = element(
    "div",
    {class: "encode-panel"},
    padPlace,
    gridPlace,
    element("div", {class: "panel"}, soft, panelLabel(symbol("xHat"), " soft ", softNote)),
    element("div", {class: "panel"}, hard, panelLabel(symbol("xHat"), " hard ", hardNote))
  );
  let pad: PixelPad | null = null;
  let grid: TokenGrid | null = null;
  let tokens: Int32Array | null = null;
  let run = 0;

  async function encode(): Promise<Int32Array | null> {
    if (pad === null) return null;
    const mine = ++run;
    try {
      const image = pad.value;
      const {api, patches} = await open();
      const found = await api.encode(image);
      if (mine !== run) return null;
      tokens = Int32Array.from(found.tokens.data);
      onTokens?.(tokens);
      grid?.update({tokens, patches});
      soft.update({images: found.soft, label: "reconstruction from the soft codes"});
      hard.update({images: found.hard, label: "reconstruction from the hard codes"});
      softNote.textContent = `error ${formatNumber(meanSquare(image.data, found.soft.data))}`;
      hardNote.textContent = `error ${formatNumber(meanSquare(image.data, found.hard.data))}`;
      return tokens;
    } catch (error) {
      if (mine === run) onMessage(error instanceof Error ? error.message : String(error), true);
      return null;
    }
  }
  take.addEventListener("click", () => {
    if (tokens !== null) onTake(tokens);
  });
  return {
    node,
    setModel(model, image) {
      pad = pixelPad({size: model.imageSize, palette: palette(), label: "Draw an image"});
      pad.addEventListener(
        "input",
        debounced(() => void encode(), 60)
      );
      if (image !== null) pad.value = {shape: image.shape, data: Uint8Array.from(image.data)};
      const side = model.grid;
      grid = tokenGrid({tokens: [], patches: null}, {rows: side, columns: side, label: "Tokens of your image"});
      padPlace.replaceChildren(pad, panelLabel(symbol("x"), " your image"));
      gridPlace.replaceChildren(grid, panelLabel(symbol("z"), " its tokens"), take);
      void encode();
    },
    show(image) {
      if (pad !== null) pad.value = {shape: image.shape, data: Uint8Array.from(image.data)};
      return encode();
    }
  };
}

export function panelLabel(...children: (Node | string)[]): HTMLElement {
  return element("p", {class: "panel-label"}, ...children);
}

/** Of pixels in [0, 1]. */
function meanSquare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += ((a[i]! - b[i]!) / 255) ** 2;
  return sum / Math.max(1, a.length);
}
