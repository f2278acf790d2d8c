// The measured scores of the shipped weights, from their manifests, as a table.

import {FileAttachment} from "observablehq:stdlib";
import {element} from "../charts/dom.js";
import type {Size} from "../training/protocol.js";

interface Share {
  readonly percent: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}
type Groups = Readonly<Record<string, Readonly<Record<string, Share>>>>;
interface Manifest {
  readonly scores?: {
    readonly ceiling?: Groups;
    readonly samples?: Readonly<Record<string, Groups>>;
    readonly baselines?: Readonly<Record<"nearestCaption" | "marginals", Groups>>;
    readonly command: string;
    readonly measuredAt: string;
  };
}

/** What each row reports: a group of examples and an aspect of the grade. */
const rows: readonly {group: string; aspect: string; words: string}[] = [
  {group: "iid, 1 object", aspect: "shape and colour", words: "one object: shape and colour"},
  {group: "iid, 1 object", aspect: "all", words: "one object: all that is named"},
  {group: "iid", aspect: "shape and colour", words: "shape and colour"},
  {group: "iid", aspect: "all", words: "all that is named"},
  {group: "colourShape", aspect: "shape and colour", words: "colour and shape never seen together"},
  {group: "colourTexture", aspect: "all", words: "colour and texture never seen together: all"},
  {group: "faceShape", aspect: "shape and face", words: "a face on a shape that never had one"},
  {group: "iid, 2 objects", aspect: "shape and colour", words: "two objects: each with its shape and colour"},
  {group: "relation", aspect: "all", words: "a relation never seen between two shapes: all"},
  {group: "threeObjects", aspect: "shape and colour", words: "three objects, never seen: shape and colour"},
  {group: "paraphrase", aspect: "shape and colour", words: "other words: shape and colour"},
  {group: "paraphrase, 1 object", aspect: "shape and colour", words: "other words, one object: shape and colour"}
];

/** Both sizes; a line below says how and when they were measured. */
export async function scoreTable(): Promise<HTMLElement> {
  const manifests: readonly [Size, Manifest, Manifest][] = [
    ["s", await read("s-dvae"), await read("s-prior")],
    ["xs", await read("xs-dvae"), await read("xs-prior")]
  ];
  const body = manifests.flatMap(([size, dvae, prior]) => {
    const ceiling = dvae.scores?.ceiling ?? {};
    const samples = prior.scores?.samples?.["t=1"] ?? {};
    const {nearestCaption = {}, marginals = {}} = prior.scores?.baselines ?? {};
    return rows
      .filter(({group, aspect}) => ceiling[group]?.[aspect] && samples[group]?.[aspect])
      .map(({group, aspect, words}) =>
        element(
          "tr",
          {},
          element("td", {}, size.toUpperCase()),
          element("th", {scope: "row"}, words),
          cell(ceiling[group]![aspect]!),
          cell(samples[group]![aspect]!),
          cell(nearestCaption[group]?.[aspect]),
          cell(marginals[group]?.[aspect])
        )
      );
  });
  const head = [
    "size",
    "what must be right",
    "through the codes",
    "drawn from the caption",
    "nearest training caption",
    "chance"
  ];
  return element(
    "figure",
    {class: "figure scores"},
    element(
      "div",
      {class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Scores"},
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, ...head.map((text) => element("th", {scope: "col"}, text)))),
        element("tbody", {}, ...body)
      )
    ),
    element("figcaption", {}, caption(manifests))
  );
}

function cell(share: Share | undefined): HTMLElement {
  if (share === undefined) return element("td", {class: "number"}, "–");
  const {percent, low, high} = share;
  return element(
    "td",
    {class: "number"},
    `${percent.toFixed(0)} %`,
    element("small", {}, ` ${low.toFixed(0)}–${high.toFixed(0)}`)
  );
}

function caption(manifests: readonly [Size, Manifest, Manifest][]): string {
  const measured = manifests.flatMap(([, dvae, prior]) => [dvae.scores, prior.scores]).filter((s) => s !== undefined);
  const days = [...new Set(measured.map(({measuredAt}) => measuredAt.slice(0, 10)))].sort();
  return (
    "Per cent of images, with the 95 % interval in small print. Stored results, measured " +
    `${days.length > 0 ? days.join(" and ") : "not yet"} by npm run evaluate; docs/results.md has all of them.`
  );
}

function read(name: "s-dvae" | "s-prior" | "xs-dvae" | "xs-prior"): Promise<Manifest> {
  const files = {
    "s-dvae": FileAttachment("../../data/checkpoints/s-dvae.json"),
    "s-prior": FileAttachment("../../data/checkpoints/s-prior.json"),
    "xs-dvae": FileAttachment("../../data/checkpoints/xs-dvae.json"),
    "xs-prior": FileAttachment("../../data/checkpoints/xs-prior.json")
  };
  return files[name].json() as Promise<Manifest>;
}
