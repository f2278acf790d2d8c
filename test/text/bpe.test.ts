import {describe, expect, it} from "vitest";
import {
  decodeText,
  encodeText,
  learnMerges,
  normalizeText,
  pieces,
  trainBpe,
  vocabularySize
} from "../../components/text/bpe.js";
import {stream} from "../../data/random.js";

const captions = ["a small red star", "a large red circle", "a small blue star", "a red star with a face, top left"];
const bpe = trainBpe(captions, 40);

describe("trainBpe(texts, mergeCount)", () => {
  it("merges the most frequent pair first", () => {
    // " a" occurs at the head of five words, more often than any other pair but "r," and "st": count them by hand.
    const pairs = new Map<string, number>();
    for (const caption of captions) {
      for (const word of caption.split(" ").map((w) => ` ${w}`)) {
        for (let i = 1; i < word.length; ++i) {
          const pair = word.slice(i - 1, i + 1);
          pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
        }
      }
    }
    const most = Math.max(...pairs.values());
    const first = pieces(bpe, [256])[0]!;
    expect(pairs.get(first)).toBe(most);
  });

  it("does not depend on the order of the texts", () => {
    expect(trainBpe([...captions].reverse(), 40)).toEqual(bpe);
  });

  it("stops when no pair occurs twice", () => {
    expect(trainBpe(["xy"], 10).merges).toHaveLength(0);
  });
});

describe("encodeText(bpe, text, dropout)", () => {
  it("round-trips captions, unseen words and other scripts", () => {
    for (const text of [...captions, "an unseen zebra", "빨간 별", "  Odd   SPACES ", ""]) {
      expect(decodeText(bpe, encodeText(bpe, text))).toBe(normalizeText(text));
    }
  });

  it("is shorter than bytes on the texts it learnt from", () => {
    expect(encodeText(bpe, captions[0]!).length).toBeLessThan(captions[0]!.length / 2);
  });

  it("cuts differently under dropout, and still round-trips", () => {
    const dropout = {rate: 0.5, stream: stream(1, "dropout")};
    const cuts = new Set<string>();
    for (let i = 0; i < 20; ++i) {
      const ids = encodeText(bpe, captions[3]!, dropout);
      cuts.add(ids.join(" "));
      expect(decodeText(bpe, ids)).toBe(captions[3]);
    }
    expect(cuts.size).toBeGreaterThan(5);
  });

  it("at rate 1 leaves bytes", () => {
    const dropout = {rate: 1, stream: stream(1, "dropout")};
    expect(encodeText(bpe, "red", dropout)).toEqual(Array.from(new TextEncoder().encode(" red")));
  });

  it("uses ids below vocabularySize", () => {
    expect(Math.max(...captions.flatMap((c) => encodeText(bpe, c)))).toBeLessThan(vocabularySize(bpe));
  });
});

describe("decodeText(bpe, ids)", () => {
  it("names an id that does not exist", () => {
    expect(() => decodeText(bpe, [99999])).toThrow("got 99999");
  });
});

describe("learnMerges(texts, ranked)", () => {
  it("yields the merges of trainBpe, each the most frequent of its ranking", () => {
    const steps = [...learnMerges(captions, 4)].slice(0, 40);
    expect(steps.map(({pair}) => pair)).toEqual(bpe.merges);
    for (const {pair, count, ranking} of steps) {
      expect(ranking[0]).toEqual({pair, count});
      expect(ranking.length).toBeLessThanOrEqual(4);
      for (const other of ranking) expect(other.count).toBeLessThanOrEqual(count);
    }
  });
});
