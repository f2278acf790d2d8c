// What compressed runs came to, against whole gradients: the stored runs as a table.

import {element} from "../../charts/dom.js";
import {figure} from "../figure.js";
import {compressionNames} from "./settings.js";
import {compressedWays, gapTo, ranksOf, type StoredRuns, seedsOf, writtenGap} from "./storedRuns.js";

export function gapsFigure(stored: StoredRuns): HTMLElement {
  const head = ["rank", ...compressedWays.map((way) => compressionNames[way])];
  const rows = ranksOf(stored).map((rank) => {
    const cells = compressedWays.map((compression) => {
      const gap = gapTo(stored, {compression, rank});
      return element("td", {}, gap === null ? "–" : writtenGap(gap));
    });
    return element("tr", {}, element("th", {scope: "row"}, String(rank)), ...cells);
  });
  const table = element(
    "table",
    {class: "ranks-table"},
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", {scope: "col"}, text)))),
    element("tbody", {}, ...rows)
  );
  return figure(
    {kind: "stack distributed-figure gaps-figure", label: "Loss of compressed runs above that of whole gradients"},
    element("p", {class: "chart-title"}, "Loss at the end above that with whole gradients, nats"),
    element(
      "div",
      {class: "table-frame", tabindex: 0, role: "group", "aria-label": "Losses above whole gradients"},
      table
    ),
    element(
      "figcaption",
      {},
      `Stored runs of ${stored.updates} steps, mean of the last fifty, under seeds ${seedsOf(stored).join(", ")}: mean and standard error of the difference to the run with whole gradients and the same seed.`
    )
  );
}
