// The chapter's questions on precision; every answer is computed when it is asked for.

import {type FloatFormat, floatFormats, sharesOf} from "../../training/floatFormat.js";
import {type Predict, predict} from "../predict.js";
import {type Census, censusRow, power} from "./shared.js";
import type {StoredPrecision} from "./stored.js";
import {groupsOf, mean, spreadOf} from "./tableFigure.js";

/** Every bit pattern of a format that is a finite number, by its magnitude. */
function* magnitudes({exponentBits, significandBits, smallestNormal}: FloatFormat): Generator<number> {
  const count = 2 ** significandBits;
  for (let e = 0; e < 2 ** exponentBits - 1; ++e) {
    for (let f = 0; f < count; ++f) {
      yield e === 0 ? (f / count) * smallestNormal : (1 + f / count) * smallestNormal * 2 ** (e - 1);
    }
  }
}

export function predictPatterns(): Predict {
  return predict({
    question: "fp16 reaches up to 65,504. How many of its numbers lie between −1 and 1?",
    answers: ["about one in 65,504", "about a tenth", "about half"],
    look() {
      let all = 0;
      let small = 0;
      for (const magnitude of magnitudes(floatFormats.fp16)) {
        all += 1;
        if (magnitude < 1) small += 1;
      }
      const share = small / all;
      return {
        right: share > 0.3 ? 2 : share > 0.01 ? 1 : 0,
        found:
          `${small.toLocaleString("en-GB")} of ${all.toLocaleString("en-GB")} magnitudes, ${(100 * share).toFixed(1)} %. ` +
          "Each power of two has the same number of them, down to the smallest normal one: the line of a format is a logarithmic one."
      };
    }
  });
}

/** How much of each resblock's gradients is lost at a scale of 2^shift. */
function lost(census: Census, shift: number, format: FloatFormat): number[] {
  return census.blocks.map((_, i) => {
    const {counts, first} = censusRow(census, i);
    return sharesOf(counts, first, shift, format).zero;
  });
}

const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** 2^12 times smaller: our 2^8 image tokens a batch against the paper's 2^20. */
const paperBatch = -12;

export function predictBlocks(census: Census): Predict {
  return predict({
    question: `Scaled down to the paper’s batch, s = ${power(paperBatch)}: which resblocks lose most to fp16?`,
    answers: ["the first ones", "the last ones", "all the same"],
    look() {
      const shares = lost(census, paperBatch, floatFormats.fp16);
      const quarter = Math.ceil(shares.length / 4);
      const [early, late] = [mean(shares.slice(0, quarter)), mean(shares.slice(-quarter))];
      return {
        right: Math.abs(late - early) < 0.02 ? 2 : late > early ? 1 : 0,
        found:
          `The first ${quarter} resblocks lose ${percent(early)} of their gradients, the last ${quarter} ` +
          `${percent(late)}. On the way back every resblock adds its own gradient to the identity path, so that the sum ` +
          "is largest where it has come furthest: at the first."
      };
    }
  });
}

export function predictFormats(census: Census): Predict {
  return predict({
    question: `At s = ${power(paperBatch)}, with no other scale: which formats of 16 bits lose less than one gradient in a hundred?`,
    answers: ["none of them", "bf16 alone", "bf16 and 1-6-9", "fp16 too"],
    look() {
      const names = ["fp16", "1-6-9", "bf16"] as const;
      const shares = names.map((name) => mean(lost(census, paperBatch, floatFormats[name])));
      const good = names.filter((_, i) => shares[i]! < 0.01);
      return {
        right: good.length,
        found: `${names.map((name, i) => `${name} loses ${percent(shares[i]!)}`).join(", ")}: each exponent bit more doubles the range, and costs one digit.`
      };
    }
  });
}

export function predictScales(stored: StoredPrecision): Predict {
  return predict({
    question:
      "Gradients in 1-2-3, six powers of two wide. Sixteen scales overflow more often than one, and each overflow costs an update. Which run ends with the lower loss?",
    answers: ["with one scale for all", "with a scale for each resblock", "there is no difference"],
    look() {
      const narrow = groupsOf(stored).filter(({format}) => format === "1-2-3");
      const [one, each] = ["global", "block"].map(
        (scaling) => narrow.find(({runs}) => runs[0]!.scaling === scaling)?.runs ?? []
      ) as [StoredPrecision["runs"], StoredPrecision["runs"]];
      const [a, b] = [one, each].map((runs) => mean(runs.map(({finalLoss}) => finalLoss))) as [number, number];
      const skipped = (runs: StoredPrecision["runs"]) => percent(mean(runs.map((run) => run.skipped)) / stored.updates);
      const {low, high} = spreadOf(each);
      return {
        right: Math.abs(a - b) < 0.05 ? 2 : a < b ? 0 : 1,
        found:
          `One scale: loss ${a.toFixed(2)}, ${skipped(one)} of the updates skipped. One for each: ${b.toFixed(2)}, ` +
          `${skipped(each)} skipped. The rule brought those to between ${power(low)} and ${power(high)}.`
      };
    }
  });
}
