// Type-checks the TypeScript in the pages, which tsc does not see: the cells of src/*.md and the expressions in ${…}.
// Each page becomes a module of the same lines, so that an error names the page's own line.

import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join, posix, relative, sep} from "node:path";
import {node, root} from "./run.js";

const work = join(root, ".cache/cells");

/** Resolves to tsc's complaints, "" if there are none. */
export async function checkCells(): Promise<string> {
  rmSync(work, {recursive: true, force: true});
  mkdirSync(work, {recursive: true});
  const pages = readdirSync(join(root, "src"), {recursive: true, encoding: "utf8"})
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".md") && !/^(components|data)\//.test(path));
  if (pages.length === 0) throw new Error("checkCells: expected pages in src, got none");
  for (const page of pages) {
    const target = join(work, page.replace(/\.md$/, ".ts"));
    mkdirSync(dirname(target), {recursive: true});
    const toRoot = relative(dirname(target), root).split(sep).join("/");
    writeFileSync(target, pageModule(readFileSync(join(root, "src", page), "utf8"), page, toRoot));
  }
  writeFileSync(join(work, "globals.d.ts"), globals);
  writeFileSync(
    join(work, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: {noUnusedLocals: false, noUnusedParameters: false},
      include: ["./**/*.ts", "../../components/**/*.d.ts"],
      exclude: []
    })
  );
  const {status, output} = await node(["node_modules/typescript/bin/tsc", "--noEmit", "-p", work], {quiet: true});
  if (status === 0) return "";
  return output.replace(/\.cache\/cells\/([\w/.-]+)\.ts/g, "src/$1.md");
}

/** A module with the page's cells at their own lines; toRoot leads from its folder to the repository's root. */
export function pageModule(markdown: string, page: string, toRoot: string): string {
  const lines = markdown.split("\n");
  const out: string[] = [];
  let fence: {mark: string; live: boolean} | undefined;
  let text: string[] = []; // prose since the last fence
  const flush = () => {
    out.push(...expressions(text.join("\n")).split("\n").slice(0, text.length));
    text = [];
  };
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,}|~{3,})\s*(\w*)(.*)$/.exec(line);
    if (fence) {
      const ends = mark && mark[1]!.startsWith(fence.mark) && mark[2] === "" && mark[3]!.trim() === "";
      out.push(!ends && fence.live ? line : "");
      if (ends) fence = undefined;
    } else if (mark) {
      if (text.length > 0) flush();
      fence = {mark: mark[1]!, live: /^(js|ts)$/.test(mark[2]!) && !/run=("?)false/.test(mark[3]!)};
      out.push("");
    } else text.push(line);
  }
  if (text.length > 0) flush();
  return `${rewriteImports(out.join("\n"), page, toRoot)}\nexport {};\n`;
}

/** The text with everything but line breaks and the expressions of ${…} taken away. */
function expressions(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; ) {
    if (text.startsWith("${", i)) {
      const end = closingBrace(text, i + 2);
      out += `;(${text.slice(i + 2, end)});`;
      i = end + 1;
    } else {
      const code = /^(`+)(?!`)[\s\S]*?[^`]\1(?!`)/.exec(text.slice(i)); // a span of code holds no expression
      const skipped = code ? code[0] : text[i]!;
      out += skipped.replace(/[^\n]/g, "");
      i += skipped.length;
    }
  }
  return out;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  let quote = "";
  for (let i = from; i < text.length; ++i) {
    const c = text[i]!;
    if (quote) {
      if (c === "\\") ++i;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'" || c === "`") quote = c;
    else if (c === "{") ++depth;
    else if (c === "}" && --depth === 0) return i;
  }
  throw new Error("pageModule: expected } after ${, got the end of the text");
}

/** A page sees components/ and data/ below src/, through links; the module sees them where they are. */
function rewriteImports(code: string, page: string, toRoot: string): string {
  return code.replace(/(\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g, (_, before: string, path: string) => {
    const inSrc = posix.join(posix.dirname(page), path);
    return `${before}"${toRoot}/${/^(components|data)\//.test(inSrc) ? inSrc : `src/${inSrc}`}"`;
  });
}

// What Framework gives to a cell without an import.
const globals = `declare function display<T>(value: T): T;
declare function view<T extends {value: unknown}>(input: T): T["value"];
declare const invalidation: Promise<void>;
declare function visibility(): Promise<void>;
declare const width: number;
declare const dark: boolean;
declare const now: number;
declare function resize(render: (width: number, height: number) => Node): Node;
declare function FileAttachment(name: string): {
  readonly name: string;
  readonly href: string;
  url(): Promise<string>;
  json(): Promise<unknown>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  image(): Promise<HTMLImageElement>;
};
`;
