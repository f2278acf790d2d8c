import {describe, expect, test} from "vitest";
import {assign, kMeans, movedToMeans, revived} from "../../components/models/codebook.js";
import {bitsOf, drawGrid, priorKinds, tokenPrior} from "../../components/models/neighbourPrior.js";
import {stream} from "../../data/random.js";

const vectors = Float32Array.of(0, 0, 0, 1, 10, 10, 10, 11);

describe("a codebook on plain arrays", () => {
  test("assign(vectors, codebook, D) gives the nearest code of each and counts them", () => {
    const {codes, counts} = assign(vectors, Float32Array.of(9, 9, 1, 1, 50, 50), 2);
    expect([...codes]).toEqual([1, 1, 0, 0]);
    expect([...counts]).toEqual([2, 2, 0]);
  });

  test("movedToMeans(…, rate) moves chosen codes that share of the way and leaves the others", () => {
    const start = Float32Array.of(9, 9, 1, 1, 50, 50);
    expect([...movedToMeans(vectors, start, 2, 1)]).toEqual([10, 10.5, 0, 0.5, 50, 50]);
    expect([...movedToMeans(vectors, start, 2, 0.5)]).toEqual([9.5, 9.75, 0.5, 0.75, 50, 50]);
  });

  test("kMeans finds two clusters; it refuses more codes than vectors", () => {
    const centres = kMeans(vectors, 2, 2, stream(1, "start"));
    expect([...centres].sort((a, b) => a - b)).toEqual([0, 0.5, 10, 10.5]);
    expect(() => kMeans(vectors, 5, 2, stream(1))).toThrow("expected at least 5 vectors, got 4");
  });

  test("revived puts dead codes, and only those, onto vectors", () => {
    const next = revived(vectors, Float32Array.of(9, 9, 1, 1, 50, 50), 2, stream(1));
    expect([...next.slice(0, 4)]).toEqual([9, 9, 1, 1]);
    const at = next.slice(4).join();
    expect(["0,0", "0,1", "10,10", "10,11"]).toContain(at);
  });
});

describe("tokenPrior(kind, grids, side, codes)", () => {
  const side = 4;
  // Stripes: each code follows itself to the right, and the next one below.
  const grids = Int32Array.from({length: 20 * 16}, (_, i) => (Math.floor((i % 16) / side) + Math.floor(i / 16)) % 4);

  test.each(priorKinds)("%s: probabilities that add up to one, at every place", (kind) => {
    const prior = tokenPrior(kind, grids, side, 4);
    for (let place = 0; place < 16; ++place) {
      const p = prior.at(grids, place);
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...p)).toBeGreaterThan(0);
    }
  });

  test("uniform costs log₂ K a place; neighbours know the stripes", () => {
    const cost = (kind: (typeof priorKinds)[number]) => bitsOf(tokenPrior(kind, grids, side, 4), grids.subarray(0, 16));
    expect(cost("uniform")).toBeCloseTo(32, 10);
    expect(cost("frequency")).toBeCloseTo(32, 1);
    expect(cost("neighbours")).toBeLessThan(8);
  });

  test("drawGrid follows the prior", () => {
    const prior = tokenPrior("neighbours", grids, side, 4);
    const drawn = drawGrid(prior, 16, stream(2, "draw"));
    let same = 0;
    for (let i = 0; i < 16; ++i) if (i % side > 0 && drawn[i] === drawn[i - 1]) ++same;
    expect(same).toBeGreaterThanOrEqual(10); // of 12
  });
});
