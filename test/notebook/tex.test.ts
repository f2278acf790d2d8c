import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {pathToFileURL} from "node:url";
import {describe, expect, test} from "vitest";
import type {MarkdownIt} from "../../components/notebook/markdownIt.js";
import {symbols} from "../../components/notebook/symbols.js";
import {renderTex, texMacros, texPlugin} from "../../components/notebook/tex.js";

// Framework's own markdown-it, with its rule for expressions.
const framework = createRequire(import.meta.url).resolve("@observablehq/framework/package.json");
const {createMarkdownIt} = (await import(pathToFileURL(join(dirname(framework), "dist/markdown.js")).href)) as {
  createMarkdownIt(options: {markdownIt(md: MarkdownIt): MarkdownIt}): {
    render(text: string, context: object): string;
  };
};
const markdown = createMarkdownIt({
  markdownIt: (it) => {
    texPlugin(it);
    return it;
  }
});
const md = {render: (text: string) => markdown.render(text, {code: [], startLine: 0, currentLine: 0, path: "/page"})};

const formulas = (text: string) => md.render(text).match(/<math/g)?.length ?? 0;

describe("renderTex(tex, display)", () => {
  test.each(Object.entries(symbols))("%s carries its name and its colour", (name, entry) => {
    const html = renderTex(entry.macro, false);
    expect(html).toContain(`data-symbol="${name}"`);
    if ("meaning" in entry) expect(html).toContain(`means-${entry.meaning}`);
    expect(html).toContain("<math");
  });
  test("macros do not shadow one another", () => {
    const macros = Object.values(symbols).map(({macro}) => macro);
    expect(new Set(macros).size).toBe(macros.length);
    expect(Object.keys(texMacros())).toEqual(expect.arrayContaining(macros));
  });
  test("with a subscript", () => {
    expect(renderTex("\\z_i", true)).toContain('data-symbol="z"');
  });
  test("throws on wrong TeX, unknown commands and foreign markup", () => {
    expect(() => renderTex("\\frac{1}", false)).toThrow();
    expect(() => renderTex("\\unknown", false)).toThrow();
    expect(renderTex("\\href{http://a.b}{x}", false)).not.toContain("<a ");
  });
});

describe("texPlugin(md)", () => {
  test("in a line and as a block", () => {
    expect(formulas("With $\\x$ and $\\z_1$.")).toBe(2);
    expect(md.render("$$\n\\x\n+ 1\n$$\n\nAfter")).toMatch(/class="formula"[\s\S]*<p>After/);
    expect(formulas("$$\\x$$")).toBe(1);
    expect(md.render("Text\n$$\n\\x\n$$\n")).toContain("<p>Text</p>");
  });
  test("what closes a clause stays with its formula", () => {
    const html = md.render("the codes $\\z$, and (so) $\\x$). Then");
    expect(html).toMatch(/<mtext>,<\/mtext>/);
    expect(html).toMatch(/<mtext>\).<\/mtext>/);
    expect(html).not.toMatch(/<\/span>[,)]/);
  });
  test("money, code and expressions stay as they are", () => {
    for (const text of ["It costs $5 and $6.", "`$x$`", "a \\$x\\$ b", "5 $ and 6 $", `\${f("$x$")}`]) {
      expect([text, formulas(text)]).toEqual([text, 0]);
    }
    expect(formulas("```js\n$x$\n```")).toBe(0);
  });
});
