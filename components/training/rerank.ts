// Stored measurements of re-ranking: the best of N candidates by the small CLIP, as the grader sees it
// (scripts/rerank.ts, data/rerank.json).

/** A share in per cent with its 95 % interval over captions. */
export interface Interval {
  readonly percent: number;
  readonly low: number;
  readonly high: number;
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
}

export interface RerankFile {
  readonly command: string;
  readonly measuredAt: string;
  readonly dataVersion: string;
  readonly runs: readonly RerankRun[];
}
