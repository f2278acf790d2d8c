import {createHash} from "node:crypto";
import {expect, test} from "vitest";
import {findErrors, mendPage} from "../../scripts/mend.js";

const viewport = '<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">';
const page = `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
${viewport}
<script type="module" src="./a.js"></script>
<script type="module">one()</script>
</head>
<body><script>{two()}</script></body>
</html>`;

test("mendPage(page, options) gives a language, a viewport that may be enlarged and a font", () => {
  const mended = mendPage(page, {preload: "./_file/fonts/a.woff2"});
  expect(mended).toContain('<html lang="en">');
  expect(mended).toContain('content="width=device-width, initial-scale=1">');
  expect(mended).toContain('<link rel="preload" as="font" type="font/woff2" href="./_file/fonts/a.woff2" crossorigin>');
});

test("mendPage allows the page's own inline scripts and no others", () => {
  const mended = mendPage(page, {preload: "a"});
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(mended)![1]!;
  const hash = (script: string) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' ${hash("one()")} ${hash("{two()}")};`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(mended.indexOf("Content-Security-Policy")).toBeLessThan(mended.indexOf("<script"));
});

test("mendPage throws on a page that it does not know", () => {
  expect(() => mendPage(page.replace(viewport, ""), {preload: "a"})).toThrow("expected one");
});

test("findErrors(page) finds what Framework wrote instead of failing", () => {
  const box = '<div class="observablehq--inspect observablehq--error">SyntaxError: Unexpected token (1:2)</div>';
  expect(findErrors(page)).toEqual([]);
  expect(findErrors(page.replace("<body>", `<body>${box}`))).toEqual(["SyntaxError: Unexpected token (1:2)"]);
});
