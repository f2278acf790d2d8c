// Cases in which the ranker is fooled: it took a wrong candidate though a right one was among them. Drawn anew here.

import {button} from "../../charts/controls/button.js";
import {element} from "../../charts/dom.js";
import type {ClipApi, Size} from "../../training/protocol.js";
import type {FooledCase, RerankFile} from "../../training/rerank.js";
import {sentence} from "../drawer.js";
import {figure} from "../figure.js";
import type {OpenPipeline} from "../pipelines.js";
import {nearScreen} from "../redraw.js";
import {candidateCard} from "./candidateCard.js";
import {type Candidate, imageAt, verdictOf} from "./ranking.js";
import type {RerankFigure} from "./rerankFigure.js";

export interface FooledOptions {
  openPipeline(size: Size): Promise<OpenPipeline>;
  openClip(size: Size): Promise<ClipApi>;
  readonly above: RerankFigure;
}

/** Shown of each stored run. */
const most = 4;
/** The stored cases are those of the first so many candidates. */
const among = 32;

interface Case extends FooledCase {
  readonly size: Size;
  readonly temperature: number;
}

export function fooledFigure(file: RerankFile, {openPipeline, openClip, above}: FooledOptions): HTMLElement {
  const cases: Case[] = file.runs.flatMap(({size, temperature, fooled}) =>
    fooled.slice(0, most).map((one) => ({...one, size, temperature}))
  );
  const chips = cases.map(({caption, size}) => {
    const chip = element("button", {type: "button", class: "chip", "aria-pressed": "false"}, caption);
    chip.dataset.note = size.toUpperCase();
    return chip;
  });
  const cards = {taken: candidateCard("taken"), right: candidateCard("right, and passed over")};
  const told = element("p", {class: "message", role: "status"});
  const all = button(`Draw all ${among} in the first figure`);
  const node = figure(
    {kind: "stack clip-figure fooled-figure", label: "Cases in which the ranker is fooled"},
    element("div", {class: "chips", role: "group", "aria-label": "Captions"}, ...chips),
    element("div", {class: "fooled-cards"}, ...Object.values(cards).map((card) => card.node)),
    told,
    element("div", {class: "control-bar"}, all),
    element(
      "figcaption",
      {},
      `Of the stored measurement: among the first ${among} candidates CLIP likes a wrong one best, though another is right. Both are drawn anew, by their seed and numbers.`
    )
  );
  let chosen = 0;
  let run = 0;

  async function show(index: number): Promise<void> {
    const mine = ++run;
    chosen = index;
    const one = cases[index];
    for (const [i, chip] of chips.entries()) chip.setAttribute("aria-pressed", String(i === index));
    if (one === undefined) return;
    try {
      told.textContent = "Drawing …";
      const [{api}, clip] = await Promise.all([openPipeline(one.size), openClip(one.size)]);
      const taken = await draw(api, clip, one, one.taken);
      const right = await draw(api, clip, one, one.right);
      if (mine !== run) return;
      cards.taken.update(taken, `candidate ${one.taken + 1}: taken`, true);
      cards.right.update(right, `candidate ${one.right + 1}: passed over`, true);
      told.textContent = `“${one.caption}”, seed ${one.seed}.`;
      told.classList.remove("problem");
    } catch (error) {
      if (mine !== run) return;
      told.textContent = `The case could not be drawn: ${sentence(error)}`;
      told.classList.add("problem");
    }
  }
  async function draw(api: OpenPipeline["api"], clip: ClipApi, one: Case, number: number): Promise<Candidate> {
    const {caption, seed, size, temperature} = one;
    const request = {caption, seed, candidates: 1, first: number, temperature, topK: 0, topP: 1, report: 1};
    const {images} = await api.sample(request, () => undefined);
    const {textToImage} = await clip.compare([caption], images);
    return {...verdictOf(size, caption, imageAt(images, 0)), number, images, index: 0, cosine: textToImage.data[0]!};
  }
  for (const [i, chip] of chips.entries()) chip.addEventListener("click", () => void show(i));
  all.addEventListener("click", () => {
    const one = cases[chosen];
    if (one !== undefined) above.show(one, among, one.right);
  });
  if (cases.length === 0) {
    told.textContent = "In the stored measurement there is no such case.";
    all.hidden = true;
  }
  void nearScreen(node).then(() => show(0));
  return node;
}
