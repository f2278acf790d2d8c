// @vitest-environment jsdom
// Stage 2 on fewer pairs, with an engine that only pretends: which captions are asked, and whose pictures are counted.

import {beforeEach, describe, expect, test} from "vitest";
import {pairCaptions, rangeOf, seenShares} from "../../components/figures/results/seenShares.js";
import {shareTraining} from "../../components/figures/results/shareTraining.js";
import type {SeenShareFile} from "../../components/training/seenShare.js";
import {parseCaption, vocabularies} from "../../data/scenes/index.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, press, until} from "./setUp.js";

installBrowser();
beforeEach(() => {
  history.replaceState(null, "", "/results");
  document.body.replaceChildren();
});

const interval = (percent: number) => ({percent, low: percent - 3, high: percent + 3});
const stored: SeenShareFile = {
  command: "",
  measuredAt: "",
  dataVersion: "4",
  captions: 300,
  temperature: 1,
  runs: [1, 2].flatMap((seed) =>
    [5, 1].map((colours) => ({colours, seed, seen: interval(90 + seed), unseen: interval(10 * colours + seed)}))
  )
};

describe("the captions", () => {
  const pairsOf = (kind: "seen" | "unseen", kept: number, count = 60) => {
    const captions = pairCaptions(kind, kept);
    return new Set(
      Array.from({length: count}, () => {
        const {colour, shape} = parseCaption(captions.next().value!.graded).wanted.objects[0]!;
        return `${colour} ${shape}`;
      })
    );
  };

  test("with one colour a shape, six pairs are asked for as seen, and six others as never seen", () => {
    const [seen, unseen] = [pairsOf("seen", 1), pairsOf("unseen", 1)];
    expect(seen.size).toBe(vocabularies.xs.shapes.length);
    expect([...seen].filter((pair) => unseen.has(pair))).toEqual([]);
    expect(pairsOf("unseen", seenShares.most)).toEqual(unseen);
  });
});

test("rangeOf(): the mean over the seeds, from the lowest to the highest", () => {
  expect(rangeOf(stored, 5, "unseen")).toEqual({percent: 51.5, low: 51, high: 52});
  expect(rangeOf(stored, 3, "seen")).toBeNull();
});

describe("shareTraining()", () => {
  const make = (engine = fakeEngine({tokenTime: 0, startTime: 0, steps: 20})) => {
    const node = shareTraining(engine, {loadShipped: async () => {}, stored, curve: {}});
    document.body.append(node);
    return {node, engine};
  };
  const select = (node: Element) => node.querySelector<HTMLSelectElement>(".config-selects select")!;
  const pictures = (node: Element) => node.querySelectorAll(".drawn-list .pick").length;

  test("opens with the shipped weights; fewer pairs are another run, and stand in the address", async () => {
    const {node, engine} = make();
    await until(() => engine.calls.some((call) => call.startsWith("openSession prior")), "a session");
    await until(() => node.textContent!.includes("52 % (51–52)"), "the stored runs of thirty pairs");
    select(node).value = "4";
    select(node).dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => engine.calls.some((call) => /^reset .*"coloursAShape":1/.test(call)), "a reset");
    await until(() => location.search.includes("pairColours=1"), "the address");
    await until(() => node.textContent!.includes("12 % (11–12)"), "the stored runs of six pairs");
  });

  test("sixteen of each kind are drawn and counted; another model's pictures are not", async () => {
    const {node, engine} = make();
    await until(() => engine.calls.some((call) => call.startsWith("openSession prior")), "a session");
    press(node, "Draw 16 of each");
    await until(() => pictures(node) === 32, "pictures");
    await until(() => node.querySelectorAll(".interval-rows .spot.own").length === 2, "both shares");
    expect(node.textContent).toMatch(/\d+ of 16, \d+ %/);
    press(node, "Step");
    await until(() => pictures(node) === 0, "a count of the changed model's own");
  });
});
