// Claims about how the two stages are trained.

import {ablations} from "../../training/ablations.js";
import {sentenceOf} from "../dvae/ablationFigure.js";
import {verdictOf} from "../dvae/ablationSummary.js";
import {pastRuns} from "../prior/storedMasks.js";
import type {Claim, ClaimData} from "./claims.js";
import {capital, difference, type Measured, meanAndError, withInterval} from "./statistics.js";

export function stageOneClaims({ablations: file, scores}: ClaimData): Claim[] {
  const through = scores.ceiling["iid, 1 object"]?.all;
  return [
    ...ablations.map((ablation): Claim => {
      // "What is said (where). A further word."
      const [, said = ablation.claim, section = "", more = ""] = /^(.*) \(([^)]*)\)\.?(.*)$/.exec(ablation.claim) ?? [];
      return {
        section,
        claim: `${said}.${more}`,
        here: file === null ? "" : capital(sentenceOf(file, ablation).replace(/: [^:]*$/, ".")),
        verdict:
          ablation.compared.about === "mass"
            ? "to be seen"
            : file === null
              ? "not measured"
              : verdictOf(file, ablation),
        link: {href: "./dvae#what-each-setting-is-for", words: "stored runs, stage 1"}
      };
    }),
    {
      section: "section 2, figure 1",
      claim: "The codes lose fine detail, but what is in the image can be recognised.",
      here: `All of a scene is read rightly through the codes in ${withInterval(through)}.`,
      verdict: through === undefined ? "not measured" : through.low > 90 ? "holds" : "in part",
      link: {href: "#right-or-wrong", words: "accuracy by kind of caption"}
    }
  ];
}

export function stageTwoClaims({masks}: ClaimData): Claim[] {
  const ends = masks === null ? [] : pastRuns(masks).map(({name, values}) => ({name, end: values.at(-1)!}));
  const ofMasks = (name: string) =>
    (masks?.runs ?? [])
      .filter((run) => run.masks === name)
      .sort((a, b) => a.seed - b.seed)
      .map(({imageLoss}) => imageLoss.at(-1)!);
  const patterns = difference(ofMasks("full"), ofMasks("paper"));
  return [
    {
      section: "appendix B.1",
      claim: "A convolution in the last layer is a small gain over rows or dense attention there.",
      here:
        ends.length === 0
          ? ""
          : `Whole patterns of four layers: ${ends.map(({name, end}) => `${name} ${end.toFixed(3)}`).join(", ")} nats a token.`,
      // Whole patterns are compared, and differ in more than their last layer.
      verdict: patterns === "holds" ? "in part" : patterns,
      link: {href: "./prior#who-may-look-at-whom", words: "masks"}
    },
    {
      section: "section 2.2, footnote 6",
      claim:
        "Training on tokens drawn from the encoder’s distribution might help where a model has more parameters than it needs.",
      here: "In one run of each kind: of pairs never seen 30 % come right with the likeliest tokens, 58 % with drawn ones, 73 % with less noise (docs/results.md). Runs lie up to twenty points apart.",
      verdict: "undecided",
      link: {href: "./dalle#from-caption-to-codes", words: "the note there"}
    }
  ];
}

export function scaleClaims({powerSgd, precision}: ClaimData): Claim[] {
  const ends = (compression: string, rank?: number) =>
    (powerSgd?.runs ?? [])
      .filter((run) => run.compression === compression && (rank === undefined || run.rank === rank))
      .sort((a, b) => a.seed - b.seed)
      .map(({heldImageLoss}) => heldImageLoss.at(-1)!);
  const ranks = [...new Set((powerSgd?.runs ?? []).map(({rank}) => rank))]
    .filter((rank) => rank > 0)
    .sort((a, b) => a - b);
  const most = Math.max(0, ...ranks);
  const [whole, fixed] = [meanAndError(ends("none")), meanAndError(ends("fixed", most))];
  const shared = ranks.findLast((rank) => ends("fixed", rank).length > 0 && ends("resampled", rank).length > 0);
  const [kept, anew] = [meanAndError(ends("fixed", shared)), meanAndError(ends("resampled", shared))];
  const link = {href: "./scale#send-less", words: "runs with less sent"};
  return [
    sixteenBits(precision),
    {
      section: "section 2.5",
      claim: "From a large enough rank on, compressed gradients train as well as whole ones.",
      here:
        whole && fixed
          ? `Held-back image loss ${nats(whole)} with whole gradients, ${nats(fixed)} with rank ${most}.`
          : "",
      // Within 2 % of the loss, whatever the seeds do.
      verdict: whole && fixed ? (fixed.mean < 1.02 * whole.mean ? "holds" : "does not hold") : "not measured",
      link
    },
    {
      section: "section 2.5, appendix E",
      claim: "One random Q can be kept for the whole run; drawing it anew at each step hurts.",
      here:
        kept && anew
          ? `Held-back image loss ${nats(kept)} with one Q, ${nats(anew)} with a new one each step, at rank ${shared}.`
          : "",
      verdict: difference(ends("resampled", shared), ends("fixed", shared)),
      link
    }
  ];
}

/**
 * The two halves of the claim: small gradients are lost in sixteen bits, and a scale for each block is better than one for
 * all. The second is measured in a format of six bits, since sixteen hold everything at this size; so it holds in part.
 */
function sixteenBits(precision: ClaimData["precision"]): Claim {
  const losses = (format: string, scaling: string, initialScale?: number) =>
    (precision?.runs ?? [])
      .filter((run) => run.format === format && run.scaling === scaling)
      .filter((run) => initialScale === undefined || run.initialScale === initialScale)
      .sort((a, b) => a.seed - b.seed)
      .map(({finalLoss}) => finalLoss);
  const [whole, small, each] = [losses("fp32", "none"), losses("fp16", "fixed", -12), losses("fp16", "block")];
  const [oneNarrow, eachNarrow] = [losses("1-2-3", "global"), losses("1-2-3", "block")];
  const ends = [whole, small, each, oneNarrow, eachNarrow].map(meanAndError);
  const words = ends.map((end) => (end === null ? "–" : nats(end)));
  const both = [difference(small, whole), difference(oneNarrow, eachNarrow)];
  return {
    section: "section 2.4, appendix D",
    claim: "Sixteen-bit gradients underflow in resblocks; a scale for each mends what one scale cannot.",
    here: ends.includes(null)
      ? ""
      : `Loss ${words[0]} in 32 bits, ${words[2]} in fp16 with a scale for each resblock, and ${words[1]} where a fixed scale makes the gradients as small as the paper’s. That one scale is worse than one for each shows in a format of six bits only: ${words[3]} against ${words[4]}.`,
    verdict: ends.includes(null) ? "not measured" : both.every((one) => one === "holds") ? "in part" : "does not hold",
    link: {href: "./scale#in-training", words: "runs in mixed precision"}
  };
}

function nats({mean, error}: Measured): string {
  return error === null ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${error.toFixed(3)}`;
}
