import {expect, test} from "vitest";
import {pageModule} from "../../scripts/cells.js";

const markdown = [
  "---",
  "title: A page",
  "---",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is a page's text
  'Text with ${view(a)} and `${code}` and ${f({b: "}"})}.',
  "```js",
  'import {a} from "./components/figures/a.js";',
  "```",
  "```source components/x.ts#y",
  "```",
  "````md",
  "```js",
  "nothing",
  "```",
  "````",
  "```ts run=false",
  "neither",
  "```"
].join("\n");

test("pageModule(markdown, page, toRoot) keeps cells and expressions at their lines", () => {
  const lines = pageModule(markdown, "dalle.md", "../..").split("\n");
  expect(lines[3]).toBe(';(view(a));;(f({b: "}"}));');
  expect(lines[5]).toBe('import {a} from "../../components/figures/a.js";');
  expect(lines.filter((line) => line !== "")).toHaveLength(3); // and the last, export {}
});

test("pageModule finds components from a page in a folder", () => {
  const code = pageModule('```js\nimport "../components/a.js";\nimport "./b.js";\n```', "more/page.md", "../../..");
  expect(code).toContain('import "../../../components/a.js"');
  expect(code).toContain('import "../../../src/more/b.js"');
});
