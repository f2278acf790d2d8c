// The blind game: two pictures for one caption, two questions, then the truth. A tally is kept in this browser.

import {example} from "../../../data/scenes/splits.js";
import {button} from "../../charts/controls/button.js";
import {seedField} from "../../charts/controls/seedField.js";
import {select} from "../../charts/controls/select.js";
import {changed, element, extend} from "../../charts/dom.js";
import {formatPercent} from "../../charts/format.js";
import {intervalRows} from "../../charts/intervalRows.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {Size} from "../../training/protocol.js";
import {packed} from "../../training/setDistance.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, pipelines, shippedWeights} from "../pipelines.js";
import {debounced, nearScreen} from "../redraw.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {drawnImage, type Opponent, opponentImage, opponentNames, opponents} from "./opponents.js";
import {paperVotes} from "./paperNumbers.js";
import {gradeOf, verdictOf} from "./verdict.js";
import {
  cleared,
  counted,
  keepTallies,
  keptTallies,
  preference,
  roundOf,
  type Side,
  sides,
  type Tallies
} from "./votes.js";

export interface GameOptions {
  readonly size?: Size;
  readonly loadShipped?: LoadShipped;
  /** Where the tally is kept; by default the browser's. */
  readonly storage?: Pick<Storage, "getItem" | "setItem">;
}

/** Emits "input" when a pair has been voted on; `tallies` are all of them. */
export interface GameFigure extends HTMLElement {
  readonly tallies: Tallies;
}

const questions = {
  real: "Which picture looks more like a scene of this world?",
  fits: "Which picture matches the caption better?"
} as const;

interface Pair {
  readonly caption: string;
  readonly images: Readonly<Record<Side, Uint8Array>>;
  /** Where the miniature's picture is. */
  readonly drawn: Side;
}

export function gameFigure(engine: FigureEngine, options: GameOptions = {}): GameFigure {
  const {size = "s", loadShipped, storage = browserStorage()} = options;
  const settings = pageSettings({
    against: choiceSetting<Opponent>("truth", opponents),
    gameSeed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const opened = pipelines(engine, loadShipped);
  const open = () => opened.get(shippedWeights(size));
  let tallies = keptTallies(storage);
  let pair: Pair | null = null;
  let answers: {real?: boolean} = {};
  let voted = false;
  let run = 0;

  const caption = element("p", {class: "game-caption"});
  const pictures = sides.map((side) => pixelImage({images: null, label: `${side} picture`}));
  const reveals = sides.map(() => element("p", {class: "game-reveal"}));
  const question = element("p", {class: "game-question", role: "status"});
  const votes = sides.map((side, i) => button(side === "left" ? "Left (1)" : "Right (2)", {hint: `Key ${i + 1}`}));
  const next = button("Next pair", {kind: "primary"});
  const opponent = select({
    label: "the miniature against",
    value: settings.values.against,
    choices: opponents.map((value) => ({value, label: opponentNames[value].choice}))
  });
  const seed = seedField(settings.values.gameSeed);
  const reset = button("Reset the tally", {hint: "Forget the votes; pairs that were shown do not come again"});
  const tally = intervalRows([], {title: "How often the miniature was preferred"});
  const {node: message, tell} = teller(settings.problems.join(" "));
  const node = figure(
    {kind: "stack result-figure game-figure", label: "A blind game: the miniature’s picture against another"},
    element("div", {class: "control-bar"}, opponent, seed, reset),
    element(
      "div",
      {class: "game-columns"},
      element(
        "div",
        {class: "game-table"},
        caption,
        element(
          "div",
          {class: "game-pair"},
          ...pictures.map((picture, i) => element("div", {class: "game-side"}, picture, reveals[i]))
        )
      ),
      element(
        "div",
        {class: "game-vote"},
        question,
        element("div", {class: "control-bar", role: "group", "aria-label": "Vote"}, ...votes, next),
        message,
        tally
      )
    )
  );

  function showTally(): void {
    const {pairs, real, fits} = tallies.votes[opponent.value];
    const rows = [
      {label: "more like a scene", count: real, paper: paperVotes.realistic},
      {label: "matches the caption better", count: fits, paper: paperVotes.matches}
    ];
    tally.update(
      rows.map(({label, count, paper}) => {
        const share = preference(count, pairs);
        const note =
          share === null ? {note: "no votes yet"} : {note: `${count} of ${pairs}, ${share.percent.toFixed(0)} %`};
        return {
          label,
          marks: [
            {name: "you", share, ...note, own: true, kind: "means-prior"},
            {name: "paper", share: {percent: paper, low: paper, high: paper}, note: `${paper.toFixed(1)} %`}
          ]
        };
      })
    );
  }

  /** The next pair against the chosen opponent; nothing says which side is which. */
  async function deal(): Promise<void> {
    const mine = ++run;
    const held = node.contains(document.activeElement);
    pair = null;
    answers = {};
    voted = false;
    enable(false);
    next.hidden = true;
    question.textContent = "";
    for (const reveal of reveals) reveal.textContent = "";
    tell("Drawing a pair …", false);
    try {
      const found = await made(mine);
      if (mine !== run || found === null) return;
      pair = found;
      caption.replaceChildren(symbol("y"), ` “${found.caption}”`);
      pictures.forEach((picture, i) => {
        picture.update({images: packed([found.images[sides[i]!]]), label: `${sides[i]} picture`});
      });
      question.textContent = questions.real;
      tell("", false);
      enable(true);
      if (held) votes[0]!.focus({preventScroll: true});
    } catch (error) {
      if (mine === run) tell(`The pair could not be drawn: ${sentence(error)}`, true);
    }
  }
  async function made(mine: number): Promise<Pair | null> {
    const name = opponent.value;
    const round = tallies.rounds[name];
    const {drawnLeft, split, place, seed: drawSeed} = roundOf(seed.value, name, round);
    const one = example(size, split, place);
    const model = await open();
    if (mine !== run) return null;
    const drawn = await drawnImage(model, one.caption, drawSeed);
    const asked = {size, opponent: name, example: one, seed: seed.value, round};
    const other = await opponentImage(asked, open, (done) => {
      if (mine === run) tell(`Reading the training captions: ${formatPercent(done)} …`, false);
    });
    return {
      caption: one.caption,
      images: drawnLeft ? {left: drawn, right: other} : {left: other, right: drawn},
      drawn: drawnLeft ? "left" : "right"
    };
  }
  function vote(side: Side): void {
    if (pair === null || voted) return;
    const forDrawn = side === pair.drawn;
    if (answers.real === undefined) {
      answers = {real: forDrawn};
      question.textContent = questions.fits;
      return;
    }
    voted = true;
    tallies = counted(tallies, opponent.value, {real: answers.real, fits: forDrawn});
    const kept = keepTallies(storage, tallies);
    tell(kept ? "" : "This browser keeps nothing; the tally lasts until you leave the page.", false);
    reveal(pair);
    showTally();
    changed(node);
  }
  function reveal({caption: words, images, drawn}: Pair): void {
    sides.forEach((side, i) => {
      const who = side === drawn ? "drawn by the miniature" : opponentNames[opponent.value].picture;
      const verdict = verdictOf(gradeOf(images[side], words, size));
      reveals[i]!.replaceChildren(element("b", {}, who), element("span", {}, `The grader: ${verdict}`));
      pictures[i]!.update({images: packed([images[side]]), label: `${side} picture, ${who}, for “${words}”`});
    });
    question.textContent = `The ${drawn} one was the miniature’s.`;
    const held = node.contains(document.activeElement);
    enable(false);
    next.hidden = false;
    if (held) next.focus({preventScroll: true});
  }
  function enable(on: boolean): void {
    for (const one of votes) one.disabled = !on;
  }

  votes.forEach((one, i) => {
    one.addEventListener("click", () => vote(sides[i]!));
  });
  next.addEventListener("click", () => void deal());
  node.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    if (event.key === "1" || event.key === "2") vote(sides[Number(event.key) - 1]!);
  });
  opponent.addEventListener("input", (event) => {
    event.stopPropagation();
    settings.set({against: opponent.value});
    showTally();
    void deal();
  });
  const dealSoon = debounced(() => void deal(), 250);
  seed.addEventListener("input", (event) => {
    event.stopPropagation();
    settings.set({gameSeed: seed.value});
    dealSoon();
  });
  reset.addEventListener("click", () => {
    tallies = cleared(tallies);
    keepTallies(storage, tallies);
    showTally();
    changed(node);
  });
  enable(false);
  next.hidden = true;
  showTally();
  void nearScreen(node).then(deal);
  return extend(node, {
    get tallies() {
      return tallies;
    }
  });
}

/** The browser's storage, or none where a page may not have it. */
function browserStorage(): Pick<Storage, "getItem" | "setItem"> {
  try {
    return localStorage;
  } catch {
    return {
      getItem: () => null,
      setItem() {
        throw new Error("no storage");
      }
    };
  }
}
