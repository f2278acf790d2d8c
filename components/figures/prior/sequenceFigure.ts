// The sequence laid out, and what the state at one place is added up from: vectors of the model itself.

import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {vectorRows} from "../../charts/vectorRows.js";
import {sentence} from "../drawer.js";
import {figure} from "../figure.js";
import {redrawer} from "../redraw.js";
import type {PriorModel, Subject} from "./model.js";
import {sequenceStrip} from "./sequenceStrip.js";

export interface SequenceOptions {
  /** The state that is looked at: 0 is the start. */
  readonly state: number;
  readonly onSettings?: (settings: {state: number}) => void;
}

const grid = 4;

export function sequenceFigure(model: PriorModel, {state, onSettings}: SequenceOptions): HTMLElement {
  const strip = sequenceStrip(state);
  const rows = vectorRows([]);
  const words = element("p", {class: "sum-words"});
  const told = element("p", {class: "message", role: "status"});
  const node = figure(
    {kind: "sequence-figure", label: "The sequence, and the embeddings of one state"},
    strip,
    words,
    rows,
    told,
    element(
      "figcaption",
      {},
      "Click a state, or walk with the arrow keys. Each stripe is one channel of the vector: above nought in one colour, below in the other, stronger for larger. The last row is the sum that the first layer reads."
    )
  );
  let parts: Readonly<Record<string, {readonly shape: readonly number[]; readonly data: ArrayLike<number>}>> | null =
    null;
  let patches: Parameters<typeof strip.update>[0]["patches"] = null;
  let run = 0;

  const redraw = redrawer(node, () => {
    const {subject} = model;
    if (subject === null || parts === null) return;
    strip.update({pieces: subject.pieces, tokens: subject.tokens, patches});
    const at = strip.value;
    const named = namesOf(subject, at);
    const {token, place, column} = parts;
    const width = token!.shape[1] ?? 1;
    const row = (data: ArrayLike<number>) => Array.from({length: width}, (_, i) => data[at * width + i]!);
    const all = [row(token!.data), row(place!.data), row(column!.data)];
    const used = named.map((name, i) => ({name, values: all[i]!}));
    const sum = Array.from({length: width}, (_, i) => all.reduce((s, vector) => s + vector[i]!, 0));
    rows.update([...used, {name: "= sum", values: sum}]);
    words.textContent = `${describe(subject, at)}; ${used.length === 1 ? "one vector" : `${used.length} vectors`} of ${width} channels, sum of length ${formatNumber(Math.hypot(...sum))}.`;
  });
  async function look(subject: Subject): Promise<void> {
    const mine = ++run;
    try {
      const [found, opened] = await Promise.all([
        model.probe("embedding", {caption: subject.caption, tokens: subject.tokens.join()}),
        model.pipeline()
      ]);
      if (mine !== run) return;
      parts = found;
      patches = opened.patches;
      told.textContent = "";
      redraw();
    } catch (error) {
      if (mine === run) told.textContent = sentence(error);
    }
  }
  strip.addEventListener("input", () => {
    onSettings?.({state: strip.value});
    redraw();
  });
  // Off screen nothing is asked of the model, which may be training.
  const lookAgain = redrawer(node, () => {
    if (model.subject !== null) void look(model.subject);
  });
  model.onChange(lookAgain);
  lookAgain();
  return node;
}

function namesOf({pieces}: Subject, state: number): string[] {
  const place = state - 1;
  if (state === 0) return ["start"];
  if (place < pieces.length) {
    const piece = pieces[place];
    return [piece == null ? `pad ${place + 1}` : `token “${piece.trim()}”`, `+ text position ${place + 1}`];
  }
  const n = place - pieces.length;
  return ["code", `+ row ${Math.floor(n / grid) + 1}`, `+ column ${(n % grid) + 1}`];
}

function describe({pieces, tokens}: Subject, state: number): string {
  const place = state - 1;
  if (state === 0) return "State 1 of the sequence: the start";
  const number = `State ${state + 1} of the sequence`;
  if (place < pieces.length) {
    return pieces[place] == null
      ? `${number}: text position ${place + 1}, unused, so it holds a pad of its own`
      : `${number}: text token ${place + 1}`;
  }
  return `${number}: image token ${place - pieces.length + 1}, code ${tokens[place - pieces.length]}`;
}
