// Copies the text face and KaTeX's styles and fonts below src/, where Framework can serve them (git ignores the copies).
// File names carry a hash of their content, so that browsers may keep them for ever.

import {createHash} from "node:crypto";
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {root} from "./run.js";

/** The folder of the fonts and their style sheet, relative to the site's root. */
export const fontsFolder = "fonts";

const target = join(root, "src", fontsFolder);
const serif = join(root, "node_modules/@fontsource-variable/source-serif-4/files");
const katex = join(root, "node_modules/katex/dist");

// Roman with optical sizes, so that captions stay sturdy and headings fine; italic and Greek in one size are enough.
const faces = [
  {file: "source-serif-4-latin-opsz-normal.woff2", style: "normal", range: "latin"},
  {file: "source-serif-4-latin-wght-italic.woff2", style: "italic", range: "latin"},
  {file: "source-serif-4-greek-wght-normal.woff2", style: "normal", range: "greek"},
  {file: "source-serif-4-greek-wght-italic.woff2", style: "italic", range: "greek"}
] as const;

const ranges = {
  latin:
    "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, " +
    "U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
  greek: "U+0370-0377, U+037A-037F, U+0384-038A, U+038C, U+038E-03A1, U+03A3-03FF"
};

/** Writes src/fonts; returns the name of the roman face, which pages preload. */
export function copyFonts(): string {
  const files = new Map<string, Buffer>();
  const add = (path: string): string => {
    const bytes = readFileSync(path);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    const name = basename(path).replace(/\.woff2$/, `.${hash}.woff2`);
    files.set(name, bytes);
    return name;
  };
  const names = faces.map(({file}) => add(join(serif, file)));
  const text = faces.map(
    ({style, range}, i) => `@font-face {
  font-family: "Source Serif 4";
  font-style: ${style};
  font-weight: 200 900;
  font-display: swap;
  src: url("./${names[i]}") format("woff2");
  unicode-range: ${ranges[range]};
}`
  );
  // Every browser that can run the notebook reads woff2; the other formats stay behind.
  const formulas = readFileSync(join(katex, "katex.min.css"), "utf8").replace(
    /src:url\(fonts\/([\w-]+)\.woff2\)[^;}]*/g,
    (_, name: string) => `src:url(./${add(join(katex, "fonts", `${name}.woff2`))}) format("woff2")`
  );
  files.set("fonts.css", Buffer.from(`${text.join("\n")}\n${formulas}\n`));

  mkdirSync(target, {recursive: true});
  for (const name of readdirSync(target)) if (!files.has(name)) rmSync(join(target, name));
  for (const [name, bytes] of files) writeFileIfChanged(join(target, name), bytes);
  return names[0] as string;
}

/** Leaves an equal file alone, so that what watches it stays quiet. */
function writeFileIfChanged(path: string, bytes: Buffer): void {
  try {
    if (readFileSync(path).equals(bytes)) return;
  } catch {}
  writeFileSync(path, bytes);
}
