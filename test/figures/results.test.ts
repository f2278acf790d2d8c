// @vitest-environment jsdom
// The chapter on results with the fake engine: a game that gives nothing away, counts that are counts, stored beside live.

import {beforeEach, describe, expect, test} from "vitest";
import type {OpenPipeline} from "../../components/figures/pipelines.js";
import {blurFigure} from "../../components/figures/results/blurFigure.js";
import {gameFigure} from "../../components/figures/results/gameFigure.js";
import {groups, isRight, type StoredMeasures} from "../../components/figures/results/groups.js";
import {captionsOf, limits} from "../../components/figures/results/limits.js";
import {limitsFigure} from "../../components/figures/results/limitsFigure.js";
import {drawnImage} from "../../components/figures/results/opponents.js";
import {predictBinding, predictDistance} from "../../components/figures/results/questions.js";
import {scoresFigure} from "../../components/figures/results/scoresFigure.js";
import {seenShareFigure} from "../../components/figures/results/seenShareFigure.js";
import {roundOf} from "../../components/figures/results/votes.js";
import {example, grade, parseCaption} from "../../data/scenes/index.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, press, until} from "./setUp.js";

installBrowser();

function memory(initial: Record<string, string> = {}) {
  const kept = new Map(Object.entries(initial));
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value)
  };
}
const fast = () => fakeEngine({tokenTime: 0, startTime: 0});
const labels = (root: Element) =>
  [...root.querySelectorAll(".game-pair canvas")].map((canvas) => canvas.getAttribute("aria-label"));
const buttonOf = (root: Element, text: string) =>
  [...root.querySelectorAll("button")].find((one) => one.textContent === text)!;
const inputEvent = () => new Event("input", {bubbles: true});

beforeEach(() => {
  history.replaceState(null, "", "/results");
});

describe("the blind game", () => {
  const ready = (node: Element) => until(() => !buttonOf(node, "Left (1)").disabled, "a pair to vote on");

  test("tells nothing of the sides before both votes, and all of it after", async () => {
    const node = gameFigure(fast(), {storage: memory()});
    document.body.replaceChildren(node);
    await ready(node);
    const secret = /miniature’s|drawn by|true scene,|grader/i;
    const open = () =>
      [...node.querySelectorAll(".game-table, .game-vote > :not(.chart)")].map((part) => part.outerHTML).join("");
    expect(labels(node)).toEqual(["left picture", "right picture"]);
    expect(open()).not.toMatch(secret);
    press(node, "Left (1)");
    expect(node.textContent).toContain("matches the caption better?");
    expect(open()).not.toMatch(secret);
    press(node, "Right (2)");
    const {drawnLeft} = roundOf(1, "truth", 0);
    expect(labels(node)[drawnLeft ? 0 : 1]).toContain("drawn by the miniature");
    expect(labels(node)[drawnLeft ? 1 : 0]).toContain("the true scene");
    expect(node.textContent).toContain("The grader: ");
    const {pairs, real, fits} = node.tallies.votes.truth;
    expect([pairs, real, fits]).toEqual([1, Number(drawnLeft), Number(!drawnLeft)]);
  });

  test("keys vote; the tally is kept, and a reset clears it without showing a pair again", async () => {
    const storage = memory();
    const node = gameFigure(fast(), {storage});
    document.body.replaceChildren(node);
    await ready(node);
    const caption = node.querySelector(".game-caption")!.textContent;
    const hit = (key: string) =>
      node.querySelector(".game-table")!.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    hit("2");
    hit("2");
    hit("2"); // a third counts for nothing
    expect(node.tallies.votes.truth.pairs).toBe(1);
    press(node, "Reset the tally");
    expect(node.textContent).toContain("no votes yet");
    press(node, "Next pair");
    await ready(node);
    expect(node.querySelector(".game-caption")!.textContent).not.toBe(caption);

    const again = gameFigure(fast(), {storage});
    document.body.replaceChildren(again);
    await ready(again);
    expect(again.tallies).toEqual({...node.tallies});
    expect(again.querySelector(".game-caption")!.textContent).toBe(node.querySelector(".game-caption")!.textContent);
  });

  test("another opponent has its own pairs and votes, and stands in the address", async () => {
    const node = gameFigure(fast(), {storage: memory()});
    document.body.replaceChildren(node);
    await ready(node);
    const choice = node.querySelector("select")!;
    for (const value of ["codes", "marginals"]) {
      choice.value = value;
      choice.dispatchEvent(inputEvent());
      expect(location.search).toContain(`against=${value}`);
      await ready(node);
      press(node, "Left (1)");
      press(node, "Left (1)");
    }
    expect(node.tallies.votes.codes.pairs).toBe(1);
    expect(node.tallies.votes.marginals.pairs).toBe(1);
    expect(node.tallies.votes.truth.pairs).toBe(0);
    expect(node.textContent).toContain("independent attributes, whatever the caption says");
  });

  test("says so where nothing can be kept", async () => {
    const storage = {
      getItem: () => null,
      setItem() {
        throw new Error("full");
      }
    };
    const node = gameFigure(fast(), {storage});
    document.body.replaceChildren(node);
    await ready(node);
    press(node, "Left (1)");
    press(node, "Left (1)");
    expect(node.querySelector(".game-vote .message")!.textContent).toContain("keeps nothing");
  });
});

const share = (percent: number, count = 500) => ({percent, low: percent - 4, high: percent + 4, count});
const all = {
  "shape and colour": share(90),
  all: share(70),
  binding: share(72),
  "all present": share(73),
  relation: share(95),
  count: share(99),
  "shape and face": share(41),
  texture: share(22)
};
const everyGroup = Object.fromEntries([...groups.s, ...groups.xs].map(({group}) => [group, all]));
const measures: StoredMeasures = {
  ceiling: everyGroup,
  samples: everyGroup,
  nearestCaption: everyGroup,
  marginals: everyGroup,
  command: "npm run evaluate",
  measuredAt: "2026-11-24T00:00:00Z"
};

describe("scores by kind of caption", () => {
  test("stored rows with intervals, and the reader's own after a press", async () => {
    const node = scoresFigure(fast(), {stored: {s: measures, xs: measures}});
    document.body.replaceChildren(node);
    expect(node.querySelectorAll(".interval-rows .spot").length).toBe(4);
    expect(node.textContent).toContain("nothing yet");
    press(node, "Draw 16 more");
    await until(() => node.querySelectorAll(".drawn-list .pick").length === 16, "sixteen pictures");
    await until(() => !buttonOf(node, "Draw 16 more").disabled, "the end of the draws");
    expect(node.querySelectorAll(".interval-rows .spot.own").length).toBe(1);
    const marks = [...node.querySelectorAll(".drawn-list .mark")].map((mark) => mark.textContent);
    expect(node.textContent).toContain(`${marks.filter((mark) => mark === "✓").length} of 16`);
    (node.querySelector(".drawn-list .pick") as HTMLElement).click();
    expect(node.querySelector(".drawn-said")!.textContent).toMatch(/^“.*”: [✓✗]/);
  });

  test("the aspects are those of the kind of caption; other captions begin a count of their own", () => {
    const node = scoresFigure(fast(), {stored: {s: measures, xs: measures}});
    const [size, which, must] = [...node.querySelectorAll("select")] as HTMLSelectElement[];
    which!.value = "relation";
    which!.dispatchEvent(inputEvent());
    expect([...must!.options].map(({value}) => value)).toEqual(["binding", "relation", "all"]);
    expect(location.search).toContain("group=relation");
    size!.value = "xs";
    size!.dispatchEvent(inputEvent());
    expect([...which!.options].map(({value}) => value)).toEqual(["iid", "colourShape", "paraphrase"]);
  });
});

test("draws that are asked for at once wait for each other: none ends another", async () => {
  const api = await fast().openPipeline("xs", {from: "shipped"}, {from: "shipped"});
  const pipeline = {api} as OpenPipeline;
  const alone = await drawnImage(pipeline, "a red circle", 1);
  const together = await Promise.all([1, 2, 1].map((seed) => drawnImage(pipeline, "a red circle", seed)));
  expect(together[0]).toEqual(alone);
  expect(together[2]).toEqual(alone);
});

describe("limits", () => {
  test.each(limits.flatMap(({name, cases}) => cases.map((one) => ({name, ...one}))))(
    "$name, $label: the true scene is right, and is graded for what the case is about",
    (one) => {
      const captions = captionsOf("s", one, 40);
      let judged = 0;
      for (let place = 40; judged < 4; ++place) {
        const scene = example("s", one.split, place);
        if (one.wants !== undefined && !one.wants(scene)) continue;
        const {caption, graded} = captions.next().value!;
        expect(graded).toBe(scene.caption);
        expect(caption).toContain(graded);
        const right = isRight(grade(scene.image(), parseCaption(graded, "s").wanted), one.aspect);
        if (right === null) continue; // the caption does not name it
        judged += 1;
        expect(right).toBe(true);
      }
    }
  );

  test("the figure draws so many of each kind, and counts them apart", async () => {
    history.replaceState(null, "", "/results?v=1&each=2");
    const node = limitsFigure(fast(), {stored: everyGroup});
    document.body.replaceChildren(node);
    expect(node.textContent).toContain("The authors: ");
    press(node, "Draw");
    await until(() => !buttonOf(node, "Draw").disabled && node.textContent!.includes("of 2"), "the draws");
    const own = [...node.querySelectorAll(".interval-rows .value")].filter(({textContent}) =>
      / of 2/.test(textContent!)
    );
    expect(own.length).toBe(3);
    const choice = node.querySelector("select")!;
    choice.value = "relations";
    choice.dispatchEvent(inputEvent());
    expect(node.querySelectorAll(".interval-rows .mark").length).toBe(2 * 2 + 4); // the four directions are not stored
    expect(location.search).toContain("limit=relations");
  });
});

describe("distances under a blur", () => {
  const stored = {
    command: "npx tsx scripts/frechet.ts s",
    measuredAt: "2026-11-24T00:00:00Z",
    dataVersion: "4",
    count: 500,
    runs: [1, 2].map((seed) => ({
      size: "s" as const,
      seed,
      radii: [0, 0.5, 1, 2, 4],
      curves: [
        {set: "drawn" as const, distances: [5, 4, 3, 2, 1].map((v) => v * seed), scores: [9, 8, 7, 6, 5]},
        {set: "true" as const, distances: [1, 1, 1, 1, 1], scores: [10, 9, 8, 7, 6]}
      ]
    }))
  };
  const figure = () => blurFigure(fast(), {stored, loadClip: async () => {}});

  test("stored means with a dot for each run, the paper's curves, and the marks at the same share of a token", async () => {
    const node = figure();
    document.body.replaceChildren(node);
    const [here, paper] = [...node.querySelectorAll("svg.lines")];
    expect(here!.querySelectorAll(".series path").length).toBe(2);
    expect(here!.querySelector(".points path")!.getAttribute("d")!.match(/M/g)!.length).toBe(10);
    expect(paper!.getAttribute("aria-label")).toContain("at 0: AttnGAN 35.2, DM-GAN 26.5, DF-GAN 26.5, DALL·E 27.5");
    const slider = node.querySelector<HTMLInputElement>("input[type=range]")!;
    slider.value = "0.5";
    slider.dispatchEvent(inputEvent());
    expect(here!.getAttribute("aria-label")).toContain("drawn 6");
    expect(paper!.getAttribute("aria-label")).toContain("at 1: AttnGAN 44");
    await until(() => node.querySelectorAll(".image-grid canvas").length === 16, "four rows of pictures");
  });

  test("measures here, with so many images, and shows that in place of what is stored", async () => {
    history.replaceState(null, "", "/results?v=1&images=xs");
    const node = figure();
    document.body.replaceChildren(node);
    expect(node.textContent).toContain("Nothing stored yet");
    const count = [...node.querySelectorAll("select")].at(-1)!;
    count.value = "32";
    press(node, "Measure here");
    await until(() => node.textContent!.includes("Measured here, 32 images in each set."), "the measurement");
    expect(node.querySelector("svg.lines")!.querySelectorAll(".series path").length).toBe(5);
  });
});

test("the share of pairs seen: a line of means and a dot for each seed", () => {
  const interval = (percent: number) => ({percent, low: percent - 5, high: percent + 5});
  const runs = [1, 2, 3].flatMap((seed) =>
    [5, 3, 1].map((colours) => ({colours, seed, seen: interval(90), unseen: interval(10 * colours + seed)}))
  );
  const head = {command: "npx tsx scripts/seen-share.ts", measuredAt: "2026-11-24T00:00:00Z", dataVersion: "4"};
  const node = seenShareFigure({...head, captions: 300, temperature: 1, runs});
  expect(node.querySelector("svg.lines")!.getAttribute("aria-label")).toContain(
    "pairs in training 90, never in training 52"
  );
  expect([...node.querySelectorAll(".points path")].map((path) => path.getAttribute("d")!.match(/M/g)!.length)).toEqual(
    [9, 9]
  );
  expect(seenShareFigure({...head, captions: 0, temperature: 1, runs: []}).textContent).toContain("Nothing stored yet");
});

describe("questions", () => {
  const ask = async (node: HTMLElement) => {
    node.querySelector<HTMLInputElement>("input")!.click();
    node.querySelector("input")!.dispatchEvent(new Event("change", {bubbles: true}));
    press(node, "Look");
    await until(() => (node as unknown as {looked: boolean}).looked, "an answer");
    return node.querySelector(".found")!.textContent!;
  };

  test("binding: computed from the stored shares", async () => {
    const found = await ask(predictBinding(everyGroup));
    expect(found).toContain("72.0 % are right");
    expect(found).toContain("1.0 points are swapped, of 28.0 that are wrong");
  });

  test("distance: measured when it is asked", async () => {
    const engine = fast();
    const found = await ask(
      predictDistance(
        engine,
        async () => {},
        async () => {}
      )
    );
    expect(engine.calls).toContain("openClip xs");
    expect(found).toMatch(/^[\d.]+ for the independent ones, [\d.]+ for the true ones/);
  });
});
