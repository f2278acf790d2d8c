// The tables of scores in docs/results.md, written from the manifests of the shipped weights.

import {readFileSync} from "node:fs";
import type {Size} from "../components/training/protocol.js";
import type {Scores, Share} from "../components/training/tally.js";
import {replaceBetween} from "./between.js";
import {shippedPath} from "./shipped.js";

/** A row for each group and each of these aspects that it has. */
const aspects = ["shape and colour", "all", "shape and face", "binding", "relation", "count"];
const onlyFor: Readonly<Record<string, string>> = {"shape and face": "faceShape", count: "threeObjects"};

export function writeTable(size: Size): void {
  replaceBetween("docs/results.md", `scores ${size}`, tableOf(size));
}

type Groups = Record<string, Scores>;

function tableOf(size: Size): string {
  const ceiling: Groups = scoresOf(size, "dvae").ceiling;
  const {samples, baselines} = scoresOf(size, "prior") as {
    samples: Record<string, Groups>;
    baselines: Record<string, Groups>;
  };
  const columns: readonly (readonly [head: string, groups: Groups])[] = [
    ["through the codes", ceiling],
    ...Object.entries(samples).map(([name, groups]) => [`drawn, ${name}`, groups] as const),
    ["nearest training caption", baselines.nearestCaption!],
    ["independent marginals", baselines.marginals!]
  ];
  const rows = Object.keys(ceiling).flatMap((group) =>
    aspects
      .filter((aspect) => columns[1]![1][group]?.[aspect] && (onlyFor[aspect] ?? group) === group)
      .map((aspect) => {
        const cells = columns.map(([, groups]) =>
          cell(groups[group]?.[aspect] ?? (aspect === "binding" ? groups[group]?.["shape and colour"] : undefined))
        );
        return `| ${[group, aspect, ...cells].join(" | ")} |`;
      })
  );
  const counts = [...new Set(columns.flatMap(([, g]) => Object.values(g).map((scores) => scores.all?.count)))];
  return [
    `Per cent of ${counts.join(" or ")} examples a row, in brackets the interval.`,
    "",
    `| captions and scenes | must be right | ${columns.map(([head]) => head).join(" | ")} |`,
    `| --- | --- |${" ---: |".repeat(columns.length)}`,
    ...rows
  ].join("\n");
}

function scoresOf(size: Size, model: "dvae" | "prior") {
  return JSON.parse(readFileSync(shippedPath(size, model).replace(".safetensors", ".json"), "utf8")).scores;
}

function cell(share: Share | undefined): string {
  return share === undefined ? "" : `${share.percent.toFixed(0)} (${share.low.toFixed(0)}–${share.high.toFixed(0)})`;
}
