// What each position of the prior may look at, layer by layer.

import {attentionMask} from "../charts/attentionMask.js";
import {select} from "../charts/controls/select.js";
import {changed, element, extend} from "../charts/dom.js";
import {attends, layerPattern} from "../training/masks.js";
import {panelLabel} from "./encodePanel.js";

export interface MaskShape {
  readonly textLength: number;
  readonly grid: number;
  readonly layers: number;
  readonly kernel: number;
}

/** Emits "input" when the layer or the row changes. */
export interface MaskPanel extends HTMLElement {
  /** The image position whose row is chosen; null for none, or a text position. */
  position: number | null;
  /** The choice of layer, and words about the row, to be put where there is room. */
  readonly controls: HTMLElement;
  /** Whether the image token n sees the image token m in this layer. */
  sees(n: number, m: number): boolean;
  update(shape: MaskShape): void;
}

export function maskPanel(initial: MaskShape): MaskPanel {
  let shape = initial;
  const layer = select({label: "layer", choices: choices(initial.layers), value: "1"});
  const note = element("p", {class: "chart-note"});
  const matrix = attentionMask(data(), {
    label: "Attention mask",
    colours: ["--text", "--codes"],
    describe: (position) =>
      position < shape.textLength ? `text position ${position + 1}` : `image token ${position - shape.textLength + 1}`
  });
  const node = element(
    "div",
    {class: "panel mask-panel"},
    matrix,
    panelLabel("a row sees ", coloured("text", "means-text"), " and ", coloured("image", "means-codes"))
  );
  const controls = element("div", {class: "mask-controls"}, layer, note);

  function pattern() {
    return layerPattern(Number(layer.value), shape.layers);
  }
  function kind(query: number, key: number): number {
    const {textLength, grid, kernel} = shape;
    if (!attends(pattern(), query, key, textLength, grid, kernel)) return 0;
    return key < textLength ? 1 : 2;
  }
  function data() {
    return {length: shape.textLength + shape.grid * shape.grid, kind};
  }
  function tell(): void {
    const row = matrix.value;
    if (row === null) note.textContent = "point at a row to see what that position sees";
    else {
      const seen = [1, 2].map(
        (k) => Array.from({length: data().length}, (_, j) => kind(row, j)).filter((n) => n === k).length
      );
      const name = row < shape.textLength ? `text position ${row + 1}` : `image token ${row - shape.textLength + 1}`;
      note.textContent = `${name} sees ${seen[0]} of the text and ${seen[1]} of the image`;
    }
  }
  layer.addEventListener("input", () => {
    matrix.update(data());
    changed(node);
  });
  node.addEventListener("input", tell);
  tell();
  return extend(node, {
    controls,
    get position() {
      const row = matrix.value;
      return row === null || row < shape.textLength ? null : row - shape.textLength;
    },
    set position(next: number | null) {
      matrix.value = next === null ? null : shape.textLength + next;
      tell();
    },
    sees: (n: number, m: number) => kind(shape.textLength + n, shape.textLength + m) > 0,
    update(next: MaskShape) {
      shape = next;
      layer.setChoices(choices(next.layers));
      matrix.update(data());
      changed(node);
    }
  });
}

function choices(layers: number) {
  return Array.from({length: layers}, (_, i) => ({
    value: String(i + 1),
    label: `${i + 1}: ${layerPattern(i + 1, layers)}`
  }));
}

function coloured(text: string, kind: string): HTMLElement {
  return element("span", {class: `term ${kind}`}, text);
}
