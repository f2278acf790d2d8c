// Claims about the pictures: ranked, compared as sets and by votes, and where they fail.

import type {Share} from "../../training/tally.js";
import type {Claim, ClaimData, ClaimVerdict} from "./claims.js";
import {paperVotes} from "./paperNumbers.js";
import {rangeOf, seenShares} from "./seenShares.js";
import {difference, meanAndError, withInterval} from "./statistics.js";
import {preference} from "./votes.js";

export function rankingClaims({rerank}: ClaimData): Claim[] {
  const runs = (rerank?.runs ?? []).filter(({split}) => split === "iid");
  const run = runs.find(({size}) => size === "s") ?? runs[0];
  const best = (n: number) => run?.rows.find(({candidates}) => candidates === n)?.best;
  const [one, some, last] = [best(1), best(32), run?.rows.at(-1)];
  /** The fewest candidates of which the best is right most often. */
  const peak = run?.rows.reduce((a, b) => (b.best.percent > a.best.percent ? b : a));
  const early = one && some ? some.percent - one.percent : Number.NaN;
  const late = some && last ? last.best.percent - some.percent : Number.NaN;
  const decided = Number.isFinite(early) && Number.isFinite(late);
  return [
    {
      section: "section 3.1",
      claim: "Ranking by a contrastive model helps clearly up to 32 candidates, and little beyond.",
      here:
        one && some && last
          ? `${run!.size.toUpperCase()}: the best of 1, 32, ${last.candidates} is right in ${withInterval(one)}, ${withInterval(some)}, ${withInterval(last.best)}; most often the best of ${peak!.candidates}.`
          : "",
      verdict: !decided
        ? "not measured"
        : some!.low > one!.high && late < early && peak!.candidates >= 32
          ? "holds"
          : late < early
            ? "in part"
            : "does not hold",
      link: {href: "./clip#the-best-of-n", words: "the best of N"}
    }
  ];
}

export function pictureClaims({frechet, tallies}: ClaimData): Claim[] {
  const {pairs, real, fits} = tallies.votes.nearest;
  const [looks, matches] = [preference(real, pairs), preference(fits, pairs)];
  const blurred = (["xs", "s"] as const).flatMap((size) => {
    const runs = (frechet?.runs ?? []).filter((run) => run.size === size);
    /** The drawn pictures' distance over that of the nearest captions', at this radius; a value for each set of scenes. */
    const ratios = (r: number) =>
      runs.flatMap(({curves}) => {
        const of = (set: string) => curves.find((curve) => curve.set === set)?.distances.at(r);
        const [drawn, nearest] = [of("drawn"), of("nearest")];
        return drawn === undefined || nearest === undefined ? [] : [drawn / nearest];
      });
    const [sharp, soft] = [ratios(0), ratios(-1)];
    const [before, after] = [meanAndError(sharp), meanAndError(soft)];
    if (before === null || after === null) return [];
    return {
      words: `${size.toUpperCase()} ${before.mean.toFixed(2)} without blur, ${after.mean.toFixed(2)} at the largest radius`,
      holds: difference(sharp, soft) === "holds"
    };
  });
  const better = blurred.filter(({holds}) => holds).length;
  return [
    {
      section: "section 3.1",
      claim: `Most of five voters preferred its pictures to a GAN’s: as more realistic in ${paperVotes.realistic.toFixed(1)} %, as better matching the caption in ${paperVotes.matches.toFixed(1)} %.`,
      here:
        looks && matches
          ? `Your votes against the nearest training caption’s picture: ${withInterval(looks)} and ${withInterval(matches)} of ${pairs}.`
          : "You have not voted against the nearest training caption’s picture yet.",
      verdict:
        matches === null
          ? "to be seen"
          : matches.low > 50
            ? "holds"
            : matches.high < 50
              ? "does not hold"
              : "undecided",
      link: {href: "#a-vote", words: "the blind game"}
    },
    {
      section: "section 3.1",
      claim: "Against others, its distance to real images gets better the more all images are blurred.",
      here:
        blurred.length === 0
          ? ""
          : `Distance of the drawn pictures over that of the nearest captions’: ${blurred.map(({words}) => words).join("; ")}.`,
      verdict:
        blurred.length === 0
          ? "not measured"
          : better === blurred.length
            ? "holds"
            : better > 0
              ? "in part"
              : "does not hold",
      link: {href: "#a-distance", words: "distance under a blur"}
    }
  ];
}

export function limitClaims({scores, seenShare, imageToImage}: ClaimData): Claim[] {
  const at = (group: string, aspect: string): Share | undefined => scores.samples[group]?.[aspect];
  const [pair, usual, face] = [
    at("colourShape", "shape and colour"),
    at("iid, 1 object", "shape and colour"),
    at("faceShape", "shape and face")
  ];
  const [two, three] = [at("iid, 2 objects", "binding"), at("threeObjects", "binding")];
  const [counted, relation, unseenRelation] = [
    at("threeObjects", "count"),
    at("iid, 2 objects", "relation"),
    at("relation", "relation")
  ];
  const present = at("iid, 2 objects", "all present");
  const swapped = present && two ? present.percent - two.percent : null;
  const [said, other] = [at("iid, 2 objects", "binding"), at("paraphrase, 2 objects", "binding")];
  const below = (a: Share | undefined, b: Share | undefined): ClaimVerdict =>
    a === undefined || b === undefined
      ? "not measured"
      : a.high < b.low
        ? "holds"
        : a.low > b.high
          ? "does not hold"
          : "undecided";
  const link = {href: "#where-it-fails", words: "limits"};
  const lower = imageToImage?.runs.find(({size}) => size === "s")?.conditions.find(({rows}) => rows > 0)?.shares;
  const [asked, kept] = [lower?.["below, as asked"], lower?.["above, as kept"]];
  const few = seenShare !== null && seenShare.runs.length > 0 ? seenShare : null;
  const shareAfter = (colours: number) => (few && rangeOf(few, colours, "unseen"))?.percent.toFixed(0) ?? "–";
  const least = Math.min(...(few?.runs ?? []).map(({colours}) => colours));
  return [
    {
      section: "section 3.3",
      claim: "It combines concepts that it never saw together.",
      here: `Colour and shape ${withInterval(pair)} (together in training: ${withInterval(usual)}); a face on a new shape ${withInterval(face)}.`,
      verdict:
        pair && face && usual
          ? pair.low > 50 && face.low > 50
            ? "holds"
            : pair.low > 50
              ? "in part"
              : "does not hold"
          : "not measured",
      link
    },
    {
      section: "abstract",
      claim:
        "With enough data and scale it can do without training for the task. (Tested here of the data alone: how many pairs are shown.)",
      here:
        few === null
          ? ""
          : `Pairs never seen come out right in ${shareAfter(seenShares.most)} % after ${seenShares.pairs(seenShares.most)} of ${seenShares.all} pairs, in ${shareAfter(least)} % after ${seenShares.pairs(least)}.`,
      verdict:
        few === null
          ? "not measured"
          : difference(
              few.runs.filter(({colours}) => colours === least).map(({unseen}) => -unseen.percent),
              few.runs.filter(({colours}) => colours === seenShares.most).map(({unseen}) => -unseen.percent)
            ),
      link: {href: "#how-much-must-be-seen", words: "pairs seen in training"}
    },
    {
      section: "section 3.3",
      claim: "From the upper half of an image and a caption it draws the lower half, untrained for it.",
      here:
        asked && kept
          ? `The object that the caption asks for below comes right in ${withInterval(asked)}, the one above stays in ${withInterval(kept)}. Where image and caption disagree, either may win.`
          : "",
      verdict: asked === undefined ? "not measured" : asked.low > 50 ? "holds" : "does not hold",
      link: {href: "./dalle#image-to-image", words: "image to image"}
    },
    {
      section: "section 3.3; blog",
      claim: "Attributes are bound to the wrong object more often as objects are added.",
      here: `Every shape with its colour: one object ${withInterval(usual)}, two ${withInterval(two)}, three ${withInterval(three)}.${swapped === null ? "" : ` Of two objects in ${swapped.toFixed(0)} % all parts are there, on the wrong ones; the others lack a part.`}`,
      verdict:
        below(two, usual) === "holds" && (swapped ?? 0) < (100 - two!.percent) / 2 ? "in part" : below(two, usual),
      link
    },
    {
      section: "blog",
      claim: "It cannot count reliably past three.",
      here: `Three objects, which training never showed: three are drawn in ${withInterval(counted)}.`,
      verdict: counted === undefined ? "not measured" : counted.high < 50 ? "holds" : "does not hold",
      link
    },
    {
      section: "blog",
      claim: "Arrangements such as “left of” often fail.",
      here: `As said in ${withInterval(relation)}; of shapes never seen so in ${withInterval(unseenRelation)}.`,
      verdict: relation === undefined ? "not measured" : relation.low > 90 ? "does not hold" : "holds",
      link
    },
    {
      section: "blog",
      claim: "It is brittle to how a caption is phrased.",
      here: `Two objects: ${withInterval(said)} in training’s words, ${withInterval(other)} in others.`,
      verdict: below(other, said),
      link
    }
  ];
}
