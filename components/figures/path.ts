// The path through the chapters, for the home page: what each is about, how long it takes, what the reader has trained.

import {element} from "../charts/dom.js";
import {type Chapter, chapters} from "../notebook/chapters.js";
import type {FigureEngine} from "./engine.js";
import {nearScreen} from "./redraw.js";
import {trainedIn} from "./trainedRuns.js";

export interface PathOptions {
  /** Whether the chapter's page is there; by default those that the page's header links to. */
  isThere?(chapter: Chapter): boolean;
}

export function path(engine: Pick<FigureEngine, "storedRuns">, {isThere = linked}: PathOptions = {}): HTMLElement {
  const items = chapters.map((chapter, i) => {
    const trained = element("span", {class: "trained"});
    const name = isThere(chapter) ? element("a", {href: `.${chapter.path}`}, chapter.name) : chapter.name;
    const node = element(
      "li",
      {},
      element("span", {class: "number", "aria-hidden": true}, String(i + 1)),
      element("span", {class: "name"}, name),
      element("span", {class: "line"}, chapter.line),
      element("span", {class: "minutes"}, `${chapter.minutes} min`),
      trained
    );
    return {chapter, node, trained};
  });
  const node = element(
    "nav",
    {class: "path", "aria-label": "The path"},
    element("ol", {}, ...items.map((i) => i.node))
  );

  async function look(): Promise<void> {
    try {
      const found = trainedIn(await engine.storedRuns());
      for (const {chapter, trained, node: item} of items) {
        trained.textContent = found.get(chapter) ?? "";
        item.classList.toggle("has-run", found.has(chapter));
      }
    } catch {
      // Without storage there is nothing to tell.
    }
  }
  void nearScreen(node).then(look);
  return node;
}

function linked({path: address}: Chapter): boolean {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("#observablehq-header nav a[href]")];
  return links.some(({href}) => new URL(href).pathname.replace(/\.html$/, "").endsWith(address));
}
