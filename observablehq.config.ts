// The site for Observable Framework. Everything is served from here: no font, script or picture of another host.

import {existsSync, readFileSync} from "node:fs";
import {chapters} from "./components/notebook/chapters.js";
import {sourcePlugin} from "./components/notebook/code.js";
import type {MarkdownIt} from "./components/notebook/markdownIt.js";
import {texPlugin} from "./components/notebook/tex.js";

const title = "How DALL·E works";

/** The chapters whose pages are there, in reading order. A new one: its page in src/, and its entry in chapters.ts. */
const pages = chapters
  .filter(({path}) => existsSync(new URL(`src${path}.md`, import.meta.url)))
  .map(({name, path, line, minutes}) => ({name, path, line, minutes}));

const link = (path: string, here: string, name: string) =>
  `<a href="${path}"${here === path ? ' aria-current="page"' : ""}>${name}</a>`;

const links = (here: string) => pages.map(({path, name}) => link(path, here, name)).join("");

/** The path at the side of every page: what each chapter asks, how long it takes, and room for what the reader has trained. */
const menu = (here: string) =>
  pages
    .map(
      ({path, name, line, minutes}) => `<li data-chapter="${path}">${link(path, here, name)}
<span class="minutes">${minutes} min</span><span class="line">${line}</span><span class="trained"></span></li>`
    )
    .join("\n");

/** What the narrow header's button says: where the reader is. */
const chapterName = (here: string) => {
  const at = pages.findIndex(({path}) => path === here);
  return at < 0 ? "Chapters" : `Chapter ${at + 1} of ${pages.length}`;
};

const header = ({path}: {path: string}) => `<div class="site-bar">
<a class="site-title" href="/"${path === "/index" ? ' aria-current="page"' : ""}>${title}</a>
<nav class="on-wide" aria-label="Chapters">${links(path)}</nav>
<button class="button on-narrow" type="button" popovertarget="chapters-menu">${chapterName(path)}</button>
<nav id="chapters-menu" class="chapters-menu" popover aria-label="The path"><ol>${menu(path)}</ol></nav>
<button class="icon-button on-wide" type="button" popovertarget="chapters-menu"
 aria-label="The path: all chapters, and what you have trained in them" title="The path">☰</button>
<button class="icon-button on-wide" type="button" data-page-action="lecture" aria-pressed="false"
 aria-label="Lecture mode: larger text" title="Lecture mode">A</button>
<button class="icon-button" type="button" data-page-action="theme" aria-label="Light or dark" title="Light or dark">◐</button>
</div>`;

export default {
  root: "src",
  output: "dist",
  title,
  pages: pages.map(({name, path}) => ({name, path})),
  sidebar: false,
  pager: true,
  toc: {show: true, label: "On this page"},
  style: "style/index.css",
  globalStylesheets: [],
  head: `<link rel="stylesheet" href="/fonts/fonts.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<meta name="color-scheme" content="light dark">
<script type="module" src="/components/notebook/page.js"></script>
<script type="module" src="/components/figures/chaptersMenu.js"></script>`,
  header,
  footer:
    "Everything on this page runs in your browser, on models that were trained with the code beside it. After Ramesh et al., <cite>Zero-Shot Text-to-Image Generation</cite>, 2021.",
  typographer: false,
  markdownIt: (md: MarkdownIt) => {
    texPlugin(md);
    sourcePlugin(md, (path) => readFileSync(new URL(path, import.meta.url), "utf8"));
    return md;
  }
};
