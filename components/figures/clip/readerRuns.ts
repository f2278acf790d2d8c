// What the reader's own candidates come to, as the best of N: the mean over the captions that were drawn often enough.

import {type RerankRun, sharesOf} from "../../training/rerank.js";
import {isUnseen} from "../scenes.js";
import {type Candidate, canJudge, type RankSettings} from "./ranking.js";

export interface OwnPoint {
  readonly candidates: number;
  /** Shares in [0, 1]. */
  readonly best: number;
  readonly possible: number;
  readonly cosine: number;
  readonly captions: number;
}

export interface ReaderRuns {
  add(candidates: readonly Candidate[], settings: RankSettings): void;
  /** For N = 1, 2, 4, …: of the series like those of a stored run, captions of its kind included. */
  points(like: Pick<RerankRun, "size" | "split" | "temperature">): OwnPoint[];
}

export function readerRuns(): ReaderRuns {
  const series = new Map<string, {settings: RankSettings; cosines: number[]; right: boolean[]}>();
  return {
    add(candidates, settings) {
      if (candidates.length === 0 || !canJudge(settings.size, settings.caption)) return;
      const inOrder = [...candidates].sort((a, b) => a.number - b.number);
      series.set(JSON.stringify(settings), {
        settings,
        cosines: inOrder.map(({cosine}) => cosine),
        right: inOrder.map(({right}) => right)
      });
    },
    points({size, split, temperature}) {
      const own = [...series.values()].filter(
        ({settings}) =>
          settings.size === size &&
          settings.temperature === temperature &&
          isUnseen(size, settings.caption) === (split === "colourShape")
      );
      const out: OwnPoint[] = [];
      for (let n = 1; own.some(({cosines}) => cosines.length >= n); n *= 2) {
        const shares = own
          .filter(({cosines}) => cosines.length >= n)
          .map(({cosines, right}) => sharesOf(cosines, right, n));
        const mean = (name: "best" | "possible" | "cosine") =>
          shares.reduce((sum, one) => sum + one[name], 0) / shares.length;
        out.push({
          candidates: n,
          best: mean("best"),
          possible: mean("possible"),
          cosine: mean("cosine"),
          captions: shares.length
        });
      }
      return out;
    }
  };
}
