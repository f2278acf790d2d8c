// The table of claims: what the paper says, what was measured here, and where to see it.

import {element} from "../../charts/dom.js";
import type {Claim, ClaimVerdict} from "./claims.js";

const marks: Readonly<Record<ClaimVerdict, string>> = {
  holds: "✓ holds here",
  "does not hold": "✗ does not hold here",
  "in part": "◐ in part",
  undecided: "? undecided",
  "not measured": "– not measured yet",
  "to be seen": "→ see for yourself"
};

/** update() puts in rows that have changed, such as those on the reader's own votes. */
export interface ClaimsTable extends HTMLElement {
  update(claims: readonly Claim[]): void;
}

export function claimsTable(claims: readonly Claim[]): ClaimsTable {
  const body = element("tbody", {role: "rowgroup"});
  const heads = ["where", "the paper says", "the miniature", "", "shown in"];
  // Roles in words: where its cells stand below each other, on a phone, a browser no longer takes it for a table.
  const table = element(
    "table",
    {role: "table"},
    element(
      "thead",
      {role: "rowgroup"},
      element("tr", {role: "row"}, ...heads.map((head) => element("th", {scope: "col", role: "columnheader"}, head)))
    ),
    body
  );
  const node = element(
    "figure",
    {class: "figure claims", "aria-label": "The paper’s claims, tested"},
    element("div", {class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Claims"}, table),
    element(
      "figcaption",
      {},
      "In brackets 95 % intervals; after ± the standard deviation over seeds in the claims about stage 1, else the standard error. A claim is said to hold if a difference is larger than chance, or if a share is beyond a line that we drew. All of them were made for millions of updates on photographs: where one does not hold here, that is no evidence against the paper."
    )
  );
  function update(rows: readonly Claim[]): void {
    body.replaceChildren(
      ...rows.map(({section, claim, here, verdict, link}) =>
        element(
          "tr",
          {role: "row", "data-verdict": verdict},
          element("td", {role: "cell", class: "section"}, section),
          element("th", {role: "rowheader", scope: "row"}, claim),
          element("td", {role: "cell"}, here),
          element("td", {role: "cell", class: "verdict"}, marks[verdict]),
          element("td", {role: "cell"}, element("a", {href: link.href}, link.words))
        )
      )
    );
  }
  update(claims);
  return Object.assign(node, {update});
}
