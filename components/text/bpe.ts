// Byte-pair encoding (Sennrich et al. 2016), lower-case, with BPE dropout (Provilkov et al. 2020): DALL·E's text side
// (paper section 2.2: 16,384 merges' worth of vocabulary, at most 256 tokens, 10 % dropout).
//
// Token ids 0 … 255 are the bytes of UTF-8, so no text is ever unknown; id 256 + i is the i-th merge. A text is cut into
// words first, each with the space before it (" red"), and merges never cross words.

import type {Stream} from "../../data/random.js";

export interface Bpe {
  /** The i-th merge joins two earlier ids into 256 + i. */
  readonly merges: readonly (readonly [number, number])[];
}

/** How many token ids there are: bytes and merges. */
export function vocabularySize(bpe: Bpe): number {
  return 256 + bpe.merges.length;
}

/** Lower-case, single spaces, none at the ends. */
export function normalizeText(text: string): string {
  return text.toLowerCase().replace(/\s+/gu, " ").trim();
}

/**
 * Learns up to mergeCount merges from the texts: the most frequent neighbouring pair first; of equally frequent pairs
 * the one with the smaller ids. Stops early when no pair occurs twice.
 */
export function trainBpe(texts: Iterable<string>, mergeCount: number): Bpe {
  const merges: (readonly [number, number])[] = [];
  for (const {pair} of learnMerges(texts)) {
    if (merges.length >= mergeCount) break;
    merges.push(pair);
  }
  return {merges};
}

/** One step of the learning: the pair that is joined next, and how often it stands in the texts. */
export interface Merge {
  readonly pair: readonly [number, number];
  readonly count: number;
  /** The most frequent pairs at this step, descending, the winner first. */
  readonly ranking: readonly {readonly pair: readonly [number, number]; readonly count: number}[];
}

/** The merges one after the other, for as long as a pair occurs twice; each with so many of the pairs that it beat. */
export function* learnMerges(texts: Iterable<string>, ranked = 1): Generator<Merge, void> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = Array.from(counts, ([word, count]) => ({ids: bytesOf(word), count}));
  for (let id = 256; ; ++id) {
    const ranking = frequentPairs(words, ranked);
    const [best] = ranking;
    if (best === undefined) return;
    yield {...best, ranking};
    for (const word of words) word.ids = joinPair(word.ids, best.pair, id);
  }
}

export interface BpeDropout {
  /** The chance that a possible merge is passed over, at each turn. */
  readonly rate: number;
  readonly stream: Stream;
}

/** Token ids of a text. With dropout the same text is cut differently at each call. */
export function encodeText(bpe: Bpe, text: string, dropout?: BpeDropout): number[] {
  const ranks = ranksOf(bpe);
  return wordsOf(text).flatMap((word) => encodeWord(ranks, bytesOf(word), dropout));
}

/** The text of the ids; the inverse of encodeText up to normalizeText. Bytes that are no UTF-8 become U+FFFD. */
export function decodeText(bpe: Bpe, ids: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(ids.flatMap((id) => bytesOfToken(bpe, id)))).trim();
}

/** The text of each token by itself, for showing; a space at the front belongs to the token. */
export function pieces(bpe: Bpe, ids: readonly number[]): string[] {
  return ids.map((id) => new TextDecoder().decode(Uint8Array.from(bytesOfToken(bpe, id))));
}

function wordsOf(text: string): string[] {
  const normal = normalizeText(text);
  return normal === "" ? [] : normal.split(" ").map((word) => ` ${word}`);
}

function bytesOf(word: string): number[] {
  return Array.from(new TextEncoder().encode(word));
}

function bytesOfToken(bpe: Bpe, id: number): number[] {
  if (id < 256) return [id];
  const merge = bpe.merges[id - 256];
  if (merge === undefined) throw new Error(`decodeText: expected an id below ${vocabularySize(bpe)}, got ${id}`);
  return [...bytesOfToken(bpe, merge[0]), ...bytesOfToken(bpe, merge[1])];
}

const PAIR = 65536; // ids stay far below, so a pair is one number

/** The pairs that occur at least twice, most frequent first; of equals the one with the smaller ids. */
function frequentPairs(words: readonly {ids: number[]; count: number}[], most: number): Merge["ranking"][number][] {
  const counts = new Map<number, number>();
  for (const {ids, count} of words) {
    for (let i = 1; i < ids.length; ++i) {
      const pair = ids[i - 1]! * PAIR + ids[i]!;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  }
  return Array.from(counts)
    .filter(([, count]) => count > 1)
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, most)
    .map(([pair, count]) => ({pair: [Math.floor(pair / PAIR), pair % PAIR], count}));
}

function joinPair(ids: number[], [left, right]: readonly [number, number], joined: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < ids.length; ++i) {
    if (ids[i] === left && ids[i + 1] === right) {
      out.push(joined);
      ++i;
    } else out.push(ids[i]!);
  }
  return out;
}

const rankCache = new WeakMap<Bpe, Map<number, number>>();

function ranksOf(bpe: Bpe): Map<number, number> {
  let ranks = rankCache.get(bpe);
  if (ranks === undefined) {
    ranks = new Map(bpe.merges.map(([left, right], rank) => [left * PAIR + right, rank]));
    rankCache.set(bpe, ranks);
  }
  return ranks;
}

function encodeWord(ranks: Map<number, number>, bytes: number[], dropout?: BpeDropout): number[] {
  const ids = bytes.slice();
  for (;;) {
    let bestRank = Infinity;
    let bestAt = -1;
    for (let i = 1; i < ids.length; ++i) {
      const rank = ranks.get(ids[i - 1]! * PAIR + ids[i]!);
      if (rank === undefined || rank >= bestRank) continue;
      if (dropout?.stream.chance(dropout.rate)) continue;
      bestRank = rank;
      bestAt = i;
    }
    if (bestAt < 0) return ids;
    ids.splice(bestAt - 1, 2, 256 + bestRank);
  }
}
