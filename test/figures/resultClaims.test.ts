// Votes and claims: counts and verdicts follow from the numbers alone.

import {describe, expect, test} from "vitest";
import {type ClaimData, claimRows} from "../../components/figures/results/claims.js";
import {difference, meanAndError} from "../../components/figures/results/statistics.js";
import {
  cleared,
  counted,
  keepTallies,
  keptTallies,
  noTallies,
  preference,
  roundOf
} from "../../components/figures/results/votes.js";

describe("rounds and tallies", () => {
  test("a round is the same again, another one differs, and sides are about even", () => {
    expect(roundOf(1, "truth", 5)).toEqual(roundOf(1, "truth", 5));
    expect(roundOf(1, "truth", 6)).not.toEqual(roundOf(1, "truth", 5));
    expect(roundOf(2, "truth", 5)).not.toEqual(roundOf(1, "truth", 5));
    expect(roundOf(1, "codes", 5)).not.toEqual(roundOf(1, "truth", 5));
    const left = Array.from({length: 400}, (_, i) => roundOf(1, "truth", i)).filter(({drawnLeft}) => drawnLeft).length;
    expect(Math.abs(left - 200)).toBeLessThan(40);
  });

  test("votes are counted for their opponent, kept, cleared without bringing a round back", () => {
    let tallies = counted(noTallies, "truth", {real: true, fits: false});
    tallies = counted(tallies, "truth", {real: true, fits: true});
    expect(tallies.votes.truth).toEqual({pairs: 2, real: 2, fits: 1});
    expect(tallies.votes.codes.pairs).toBe(0);
    const kept = new Map<string, string>();
    const storage = {
      getItem: (k: string) => kept.get(k) ?? null,
      setItem: (k: string, v: string) => void kept.set(k, v)
    };
    expect(keepTallies(storage, tallies)).toBe(true);
    expect(keptTallies(storage)).toEqual(tallies);
    expect(cleared(tallies)).toEqual({...noTallies, rounds: {...noTallies.rounds, truth: 2}});
  });

  test.each(["", "null", "{}", "not json", '{"rounds":{},"votes":{}}'])("storage that holds %j is no tally", (text) => {
    expect(keptTallies({getItem: () => text})).toEqual(noTallies);
  });

  test("more wins than pairs are no tally", () => {
    const wrong = JSON.stringify({...noTallies, votes: {...noTallies.votes, codes: {pairs: 1, real: 2, fits: 0}}});
    expect(keptTallies({getItem: () => wrong})).toEqual(noTallies);
  });

  test("two of two reach down to about a third", () => {
    expect(preference(0, 0)).toBeNull();
    expect(preference(2, 2)!.low).toBeCloseTo(34.2, 1);
  });
});

test("difference(worse, better): seed by seed, by more than twice its error, or undecided", () => {
  expect(meanAndError([])).toBeNull();
  expect(meanAndError([1, 3])).toEqual({mean: 2, error: 1});
  expect(difference([3, 3.1, 2.9], [1, 1.2, 0.9])).toBe("holds");
  expect(difference([1, 1.2, 0.9], [3, 3.1, 2.9])).toBe("does not hold");
  // Far apart over seeds, and yet better under each of them.
  expect(difference([1, 2, 3], [0.9, 1.89, 2.88])).toBe("holds");
  expect(difference([1, 2, 3], [1.1, 1.8, 3.05])).toBe("undecided");
  expect(difference([3], [1])).toBe("undecided");
  expect(difference([], [1, 2])).toBe("not measured");
});

describe("the claims", () => {
  const share = (percent: number) => ({percent, low: percent - 4, high: percent + 4, count: 500});
  const nothing: ClaimData = {
    ablations: null,
    masks: null,
    rerank: null,
    seenShare: null,
    frechet: null,
    powerSgd: null,
    precision: null,
    imageToImage: null,
    scores: {ceiling: {}, samples: {}, nearestCaption: {}, marginals: {}, command: "", measuredAt: ""},
    tallies: noTallies
  };
  const find = (data: Partial<ClaimData>, words: string) =>
    claimRows({...nothing, ...data}).find(({claim}) => claim.includes(words))!;

  test("each names its section, links to a figure, and without measurements claims nothing", () => {
    const rows = claimRows(nothing);
    expect(rows.length).toBeGreaterThan(18);
    for (const {section, claim, verdict, link} of rows) {
      expect(section, claim).toMatch(/section|appendix|footnote|abstract|blog/);
      expect(link.href).toMatch(/^(\.\/|#)/);
      expect(["not measured", "to be seen", "undecided"], claim).toContain(verdict);
    }
  });

  test("re-ranking: a clear gain up to 32 and less beyond", () => {
    const interval = (percent: number) => ({percent, low: percent - 2, high: percent + 2});
    const run = (shares: [number, number][]) => ({
      dataVersion: "4",
      runs: [
        {
          size: "s" as const,
          split: "iid" as const,
          captions: 100,
          pool: 512,
          temperature: 1,
          fooled: [],
          command: "",
          measuredAt: "",
          rows: shares.map(([candidates, percent]) => ({
            candidates,
            best: interval(percent),
            worst: interval(1),
            possible: interval(99),
            cosine: 0.5
          }))
        }
      ]
    });
    const words = "up to 32 candidates";
    expect(
      find(
        {
          rerank: run([
            [1, 60],
            [32, 80],
            [512, 83]
          ])
        },
        words
      ).verdict
    ).toBe("holds");
    expect(
      find(
        {
          rerank: run([
            [1, 60],
            [32, 63],
            [512, 64]
          ])
        },
        words
      ).verdict
    ).toBe("in part");
    expect(
      find(
        {
          rerank: run([
            [1, 60],
            [8, 82],
            [32, 80],
            [512, 70]
          ])
        },
        words
      ).verdict
    ).toBe("in part");
    expect(
      find(
        {
          rerank: run([
            [1, 60],
            [32, 62],
            [512, 80]
          ])
        },
        words
      ).verdict
    ).toBe("does not hold");
    expect(
      find(
        {
          rerank: run([
            [1, 60],
            [32, 80],
            [512, 83]
          ])
        },
        words
      ).here
    ).toContain("80 % (78–82)");
  });

  test("binding and paraphrase: by intervals that do not meet", () => {
    const scores = (one: number, two: number, present: number) => ({
      ...nothing.scores,
      samples: {
        "iid, 1 object": {"shape and colour": share(one)},
        "iid, 2 objects": {binding: share(two), "all present": share(present)}
      }
    });
    expect(find({scores: scores(93, 72, 90)}, "wrong object").verdict).toBe("holds");
    // Two are harder, but what is wrong is not the binding.
    expect(find({scores: scores(93, 72, 72)}, "wrong object").verdict).toBe("in part");
    expect(find({scores: scores(93, 90, 95)}, "wrong object").verdict).toBe("undecided");
  });

  test("the blur: drawn against nearest, without and with", () => {
    const runs = (soft: number) =>
      [1, 2, 3].map((seed) => ({
        size: "s" as const,
        seed,
        radii: [0, 4],
        curves: [
          {set: "drawn" as const, distances: [2 + seed / 100, soft]},
          {set: "nearest" as const, distances: [1, 1]}
        ]
      }));
    const file = (soft: number) => ({command: "", measuredAt: "", dataVersion: "4", count: 500, runs: runs(soft)});
    expect(find({frechet: file(1)}, "blurred").verdict).toBe("holds");
    expect(find({frechet: file(4)}, "blurred").verdict).toBe("does not hold");
    const both = {...file(1), runs: [...runs(1), ...runs(4).map((run) => ({...run, size: "xs" as const}))]};
    expect(find({frechet: both}, "blurred").verdict).toBe("in part");
  });

  test("sixteen bits: both halves must show, and the second is of a narrower format", () => {
    const runs = (eachNarrow: number) =>
      [1, 2, 3].flatMap((seed) =>
        (
          [
            ["fp32", "none", 0, 1.6],
            ["fp16", "fixed", -12, 1.9],
            ["fp16", "block", 13, 1.6],
            ["1-2-3", "global", 8, 2.5],
            ["1-2-3", "block", 8, eachNarrow]
          ] as const
        ).map(([format, scaling, initialScale, loss]) => {
          const curve = {step: [], loss: [], heldImageLoss: 0, skipped: 0, scales: []};
          return {format, scaling, initialScale, window: 125, seed, finalLoss: loss + seed / 100, ...curve};
        })
      );
    expect(find({precision: {runs: runs(2.2)}}, "underflow").verdict).toBe("in part");
    expect(find({precision: {runs: runs(2.6)}}, "underflow").verdict).toBe("does not hold");
    expect(find({precision: {runs: runs(2.2).slice(0, 3)}}, "underflow").verdict).toBe("not measured");
  });

  test("image to image: by what the caption asked for, with rows given", () => {
    const condition = (rows: number, percent: number) => ({
      given: "",
      rows,
      shares: {"below, as asked": share(percent), "above, as kept": share(98)}
    });
    const file = (percent: number) => ({
      dataVersion: "4",
      runs: [
        {
          size: "s" as const,
          command: "",
          measuredAt: "",
          temperature: 1,
          conditions: [condition(0, 99), condition(4, percent)]
        }
      ]
    });
    expect(find({imageToImage: file(87)}, "lower half").verdict).toBe("holds");
    expect(find({imageToImage: file(30)}, "lower half").verdict).toBe("does not hold");
    expect(find({imageToImage: file(87)}, "lower half").here).toContain("87 %");
  });

  test("the reader's own votes are told", () => {
    const votes = {...noTallies.votes, nearest: {pairs: 20, real: 10, fits: 18}};
    const claim = find({tallies: {...noTallies, votes}}, "voters");
    expect(claim.here).toContain("of 20");
    expect(claim.verdict).toBe("holds");
  });
});
