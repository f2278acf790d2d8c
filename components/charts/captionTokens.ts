// A caption cut into byte pairs: each piece with its id, then the pads that fill up the text positions.

import {select} from "d3-selection";
import type {Chart} from "./chart.js";
import {element} from "./dom.js";

export interface CaptionTokensData {
  readonly pieces: readonly string[];
  readonly ids: readonly number[];
  /** Text positions of the model; what the pieces leave are pads. */
  readonly textLength: number;
}

export type CaptionTokens = Chart<CaptionTokensData>;

export function captionTokens(data: CaptionTokensData): CaptionTokens {
  const list = element("ol", {class: "text-tokens"});
  const note = element("p", {class: "chart-note"});
  const node = element("div", {class: "caption-tokens"}, list, note);
  function update({pieces, ids, textLength}: CaptionTokensData): void {
    const pads = Math.max(0, textLength - pieces.length);
    const tokens = [
      ...pieces.map((piece, i) => ({text: piece, id: ids[i] ?? null})),
      ...Array.from({length: pads}, () => ({text: null, id: null}))
    ];
    select(list)
      .selectAll<HTMLLIElement, (typeof tokens)[number]>("li")
      .data(tokens)
      .join((enter) => {
        const item = enter.append("li");
        item.append("span").attr("class", "piece");
        item.append("span").attr("class", "id");
        return item;
      })
      .classed("pad", ({text}) => text === null)
      .attr("aria-hidden", ({text}) => (text === null ? "true" : null))
      .each(function ({text, id}) {
        const [piece, number] = this.children;
        piece!.textContent = text === null ? "" : visible(text);
        number!.textContent = id === null ? "" : String(id);
      });
    note.textContent =
      pieces.length > textLength
        ? `${pieces.length} tokens, of which the model reads the first ${textLength}`
        : `${pieces.length} tokens and ${pads} pads fill ${textLength} text positions`;
  }
  update(data);
  return Object.assign(node, {update});
}

/** Spaces are part of a piece, so they are shown. */
function visible(piece: string): string {
  return piece.replaceAll(" ", "␣");
}
