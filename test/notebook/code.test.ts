import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {excerpt, highlight, identifierLinks, renderSource} from "../../components/notebook/code.js";

const source = `// The file.

import {a} from "./a.js";

/** One line. */
export const one: (x: number) => number = (x) => x;

// Two
// lines.
function longer(
  first: string,
  second: string
): {
  third: string;
} {
  return {third: first + second};
}

export const table = {
  longer,

  one
};

export interface Shape {
  readonly x: number;
}

export type Name = "a" | "b";
`;

describe("excerpt(source, name)", () => {
  test("a constant in one line, with its comment", () => {
    expect(excerpt(source, "one")).toBe("/** One line. */\nexport const one: (x: number) => number = (x) => x;");
  });
  test("a function whose head takes several lines", () => {
    const text = excerpt(source, "longer");
    expect(text.startsWith("// Two\n// lines.\nfunction longer(")).toBe(true);
    expect(text.endsWith("second};\n}")).toBe(true);
  });
  test("a table with an empty line in it", () => {
    expect(excerpt(source, "table")).toBe("export const table = {\n  longer,\n\n  one\n};");
  });
  test("an interface and a type", () => {
    expect(excerpt(source, "Shape")).toBe("export interface Shape {\n  readonly x: number;\n}");
    expect(excerpt(source, "Name")).toBe('export type Name = "a" | "b";');
  });
  test("not a part of a name, and not what is not there", () => {
    expect(() => excerpt(source, "tab")).toThrow("expected a top-level tab");
    expect(() => excerpt(source, "third")).toThrow("expected a top-level third");
  });
  test("every top-level declaration of a real file is balanced", () => {
    const real = readFileSync(new URL("../../components/models/dvae.ts", import.meta.url), "utf8");
    const names = Array.from(real.matchAll(/^export (?:function|const|interface) (\w+)/gm), ([, name]) => name!);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const text = excerpt(real, name).replace(/\/\*\*[\s\S]*?\*\/|\/\/.*|"[^"]*"|`[^`]*`/g, "");
      const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
      expect([name, count(/[{[(]/g)]).toEqual([name, count(/[}\])]/g)]);
    }
  });
});

describe("highlight(code, links)", () => {
  test("marks identifiers with their symbol and the class of its meaning", () => {
    expect(highlight("f(tau, logits)", identifierLinks())).toContain('<span data-symbol="tau">tau</span>');
    expect(highlight("f(tau, logits)", identifierLinks())).toContain(
      '<span class="means-encoder" data-symbol="logits">logits</span>'
    );
  });
  test("whole identifiers only, none in strings", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code to highlight
    const html = highlight('taut + beta2 + "tau" + `${tau}`', identifierLinks());
    expect(html.match(/data-symbol/g) ?? []).toHaveLength(0);
  });
  test("a word after the name gives a letter of the comments another symbol", () => {
    const html = highlight("// z = μ + σ ε", identifierLinks(["μ=muPhi", "σ=sigmaPhi"]));
    expect(html).toContain('data-symbol="muPhi">μ<');
    expect(html).toContain('data-symbol="sigmaPhi">σ<');
    expect(html).not.toContain(">ε<"); // not asked for
    expect(highlight("// μ", identifierLinks())).toContain('data-symbol="mu">μ<');
  });

  test("Greek letters in comments", () => {
    expect(highlight("// at τ → 0, q_φ", identifierLinks())).toContain('data-symbol="tau">τ<');
    expect(highlight("// tau", identifierLinks())).not.toContain("data-symbol");
  });
  test("escapes what is no markup", () => {
    const html = highlight("a < b && tau > 1", identifierLinks());
    expect(html).toContain("&lt;");
    expect(html.replace(/<[^>]*>/g, "")).not.toMatch(/[<>]/);
  });
  test("short identifiers only where the page asks", () => {
    expect(highlight("x", identifierLinks())).not.toContain("data-symbol");
    expect(highlight("x + y", identifierLinks(["x", "y=relaxed"]))).toContain('data-symbol="relaxed">y<');
    expect(() => identifierLinks(["q=nothing"])).toThrow('got "nothing"');
  });
});

test("renderSource reads the real file", () => {
  const html = renderSource("source components/nn/gumbel.ts#relaxedSample", (path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
  );
  expect(html).toContain("relaxedSample");
  expect(html).toContain("<code>components/nn/gumbel.ts</code>");
  expect(() => renderSource("source components/nn/gumbel.ts", () => "")).toThrow("path#name");
});
