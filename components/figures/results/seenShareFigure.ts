// How the pairs of colour and shape that were never seen fare, by how many others training has shown: stored runs.

import {element} from "../../charts/dom.js";
import {lines} from "../../charts/lines.js";
import type {SeenShareFile} from "../../training/seenShare.js";
import {figure} from "../figure.js";
import {rangeOf, seenShares} from "./seenShares.js";

export function seenShareFigure(file: SeenShareFile): HTMLElement {
  const {pairs, all} = seenShares;
  const counts = [...new Set(file.runs.map(({colours}) => colours))].sort((a, b) => a - b);
  const lineOf = (name: "seen" | "unseen", label: string, kind: string, dashed: boolean) => ({
    name: label,
    kind,
    dashed,
    x: counts.map(pairs),
    y: counts.map((colours) => rangeOf(file, colours, name)!.percent),
    points: file.runs.map((run) => [pairs(run.colours), run[name].percent] as const)
  });
  const chart = lines(
    {
      lines: [
        lineOf("seen", "pairs in training", "means-prior", false),
        lineOf("unseen", "never in training", "means-codes", true)
      ]
    },
    {
      title: "Shape and colour right, per cent",
      across: `pairs in training, of ${all}`,
      height: 280,
      ticks: [6, 12, 18, 24, 30],
      format: (value) => value.toFixed(0),
      formatX: String
    }
  );
  const seeds = [...new Set(file.runs.map(({seed}) => seed))];
  return figure(
    {kind: "stack result-figure seen-share", label: "Pairs seen in training, and pairs never seen"},
    element("div", {class: "figure-body"}, chart),
    element(
      "figcaption",
      {},
      file.runs.length === 0
        ? "Nothing stored yet: npx tsx scripts/seen-share.ts trains and measures it."
        : `Stored runs of both stages of XS, a dot a seed (${seeds.join(", ")}), the lines their mean; ${file.captions} captions each, t = ${file.temperature}. The updates are the same for all. ${file.measuredAt.slice(0, 10)}, ${file.command}.`
    )
  );
}
