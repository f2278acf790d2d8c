// Stored measurements of re-ranking: the best of N candidates by the small CLIP, as the grader sees it
// (scripts/rerank.ts, data/rerank.json).

/** A share in per cent with its 95 % interval over captions. */
export interface Interval {
  readonly percent: number;
  readonly low: number;
  readonly high: number;
}

/** What the best of N comes to for one caption, over disjoint groups of N of its candidates. Shares in [0, 1]. */
export interface GroupShares {
  /** The candidate that CLIP likes best is right; the one that it likes least is. */
  readonly best: number;
  readonly worst: number;
  /** At least one of the group is right. */
  readonly possible: number;
  /** Mean cosine of the best-liked. */
  readonly cosine: number;
}

/** Candidates by number: the cosine with the caption, and whether all that it names is right. At least n of them. */
export function sharesOf(cosines: readonly number[], right: readonly boolean[], n: number): GroupShares {
  const groups = Array.from({length: Math.floor(cosines.length / n)}, (_, g) =>
    Array.from({length: n}, (_, i) => g * n + i)
  );
  const mean = (value: (group: readonly number[]) => number) =>
    groups.reduce((sum, group) => sum + value(group), 0) / groups.length;
  const top = (group: readonly number[]) => group.reduce((a, b) => (cosines[b]! > cosines[a]! ? b : a));
  const bottom = (group: readonly number[]) => group.reduce((a, b) => (cosines[b]! < cosines[a]! ? b : a));
  return {
    best: mean((group) => Number(right[top(group)])),
    worst: mean((group) => Number(right[bottom(group)])),
    possible: mean((group) => Number(group.some((i) => right[i]))),
    cosine: mean((group) => cosines[top(group)]!)
  };
}

export interface RerankRow {
  /** N, how many candidates the best is taken from. */
  readonly candidates: number;
  /** All that the caption names is right in the candidate that CLIP likes best; in the one that it likes least. */
  readonly best: Interval;
  readonly worst: Interval;
  /** At least one of the candidates is right: no ranker can do better. */
  readonly possible: Interval;
  /** Mean cosine of caption and best candidate. */
  readonly cosine: number;
}

/** A caption whose best-liked candidate of the first 32 is wrong, though another is right. */
export interface FooledCase {
  readonly caption: string;
  readonly seed: number;
  /** Numbers of the candidates: the one that CLIP took, and the best liked of those that are right. */
  readonly taken: number;
  readonly right: number;
}

export interface RerankRun {
  readonly size: "xs" | "s";
  readonly split: "iid" | "colourShape";
  readonly captions: number;
  /** Candidates drawn for each caption; a smaller N takes every disjoint group of so many. */
  readonly pool: number;
  readonly temperature: number;
  readonly rows: readonly RerankRow[];
  readonly fooled: readonly FooledCase[];
  /** What made this run, and when: each size is measured by itself. */
  readonly command: string;
  readonly measuredAt: string;
}

export interface RerankFile {
  readonly dataVersion: string;
  readonly runs: readonly RerankRun[];
}
