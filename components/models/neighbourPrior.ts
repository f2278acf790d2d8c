// Three priors over a grid of tokens, from none to a small one that is learnt by counting: each code as likely as any
// other; how often each code occurs; how often it occurs given the codes to its left and above it. A PixelCNN, or the
// transformer of DALL·E, goes on from there: it looks at everything before.

import type {Stream} from "../../data/random.js";

export type PriorKind = "uniform" | "frequency" | "neighbours";
export const priorKinds: readonly PriorKind[] = ["uniform", "frequency", "neighbours"];

export interface TokenPrior {
  /** Probabilities of the K codes at a place of a grid of which the places before are known, in raster order. */
  at(tokens: ArrayLike<number>, place: number): Float64Array;
}

/** How much the next simpler prior counts, in observations. */
const strength = 2;

/** A prior fitted to n grids of side × side tokens, one after the other. */
export function tokenPrior(kind: PriorKind, grids: ArrayLike<number>, side: number, codes: number): TokenPrior {
  const even = new Float64Array(codes).fill(1 / codes);
  if (kind === "uniform") return {at: () => even};
  const counts = new Map<string, Float64Array>();
  const note = (context: string, code: number) => {
    const found = counts.get(context) ?? new Float64Array(codes);
    counts.set(context, found);
    found[code]! += 1;
  };
  const area = side * side;
  for (let from = 0; from < grids.length; from += area) {
    const grid = Array.from({length: area}, (_, i) => grids[from + i]!);
    for (let place = 0; place < area; ++place) {
      for (const context of contexts(kind, grid, place, side)) note(context, grid[place]!);
    }
  }
  return {
    at(tokens, place) {
      // From the general to the particular: each context corrects the one before as far as it has been seen.
      let p = even;
      for (const context of contexts(kind, tokens, place, side)) {
        const seen = counts.get(context);
        if (seen === undefined) break;
        const total = seen.reduce((a, b) => a + b, 0);
        const before = p;
        p = seen.map((n, k) => (n + strength * before[k]!) / (total + strength));
      }
      return p;
    }
  };
}

/** What is looked at, in more and more detail; outside the grid is a context of its own. */
function contexts(kind: PriorKind, tokens: ArrayLike<number>, place: number, side: number): string[] {
  if (kind === "frequency") return ["any"];
  const left = place % side > 0 ? tokens[place - 1]! : -1;
  const above = place >= side ? tokens[place - side]! : -1;
  return ["any", `above ${above}`, `left ${left} above ${above}`];
}

/** −Σ log₂ p of one grid: what it costs to write down. */
export function bitsOf(prior: TokenPrior, tokens: ArrayLike<number>): number {
  let bits = 0;
  for (let place = 0; place < tokens.length; ++place) bits -= Math.log2(prior.at(tokens, place)[tokens[place]!]!);
  return bits;
}

/** A grid drawn code after code. */
export function drawGrid(prior: TokenPrior, area: number, stream: Stream): Int32Array {
  const tokens = new Int32Array(area);
  for (let place = 0; place < area; ++place) {
    const p = prior.at(tokens, place);
    const u = stream.uniform();
    let code = 0;
    for (let mass = p[0]!; mass <= u && code < p.length - 1; mass += p[code]!) ++code;
    tokens[place] = code;
  }
  return tokens;
}
