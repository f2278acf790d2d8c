import {describe, expect, test} from "vitest";
import {blurred} from "../../data/scenes/damage.js";
import {example} from "../../data/scenes/index.js";

const image = example("xs", "iid", 3).image();
const side = 16;

/** Both directions at once, pixel by pixel, in no clever way. */
function plain(from: Uint8Array, sigma: number): number[] {
  const reach = Math.ceil(3 * sigma);
  const weight = (d: number) => Math.exp(-(d * d) / (2 * sigma * sigma));
  const inside = (at: number) => Math.min(side - 1, Math.max(0, at));
  const out: number[] = [];
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      for (let c = 0; c < 3; ++c) {
        let [sum, total] = [0, 0];
        for (let i = -reach; i <= reach; ++i) {
          for (let j = -reach; j <= reach; ++j) {
            const w = weight(i) * weight(j);
            sum += w * from[(inside(y + i) * side + inside(x + j)) * 3 + c]!;
            total += w;
          }
        }
        out.push(sum / total);
      }
    }
  }
  return out;
}

describe("blurred(image, sigma)", () => {
  test.each([0.5, 1.3])("is a Gaussian in both directions at σ = %d", (sigma) => {
    const wanted = plain(image, sigma);
    const off = Math.max(...Array.from(blurred(image, sigma), (value, i) => Math.abs(value - wanted[i]!)));
    expect(off).toBeLessThanOrEqual(0.5 + 1e-9);
  });

  test("with σ = 0 the image stays as it is, in a copy", () => {
    const same = blurred(image, 0);
    expect(same).toEqual(image);
    expect(same).not.toBe(image);
  });

  test("a flat image stays flat, up to its border", () => {
    expect(new Set(blurred(new Uint8Array(side * side * 3).fill(77), 3))).toEqual(new Set([77]));
  });
});
