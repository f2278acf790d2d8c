// The rules between folders (docs/architecture.md) and the few that hold everywhere.

import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, posix, sep} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, test} from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folder → the folders of this project that its files may import, besides itself. The longest matching folder counts. */
const mayImport: Record<string, readonly string[]> = {
  "data/random.ts": [],
  "data/scenes": ["data/random.ts"],
  "components/tensor": ["data/random.ts"],
  "components/nn": ["components/tensor", "data/random.ts"],
  "components/text": ["data"],
  "components/models": ["components/nn", "components/tensor", "components/text", "data"],
  "components/training": ["components/models", "components/nn", "components/tensor", "components/text", "data"],
  "components/charts": [],
  "components/notebook": ["components/charts"],
  "components/figures": ["components/charts", "components/notebook", "components/training", "data"],
  src: ["components/figures", "components/notebook"]
};

interface Import {
  readonly from: string;
  readonly to: string;
  /** Only types: gone when it runs. */
  readonly type: boolean;
}

const sources = ["components", "data", "src"].flatMap((folder) => filesOf(folder));
const modules = sources.filter((path) => /\.(ts|md)$/.test(path) && !path.includes("/assembly/"));
const text = new Map(modules.map((path) => [path, readFileSync(join(root, path), "utf8")]));
const imports = [...text].flatMap(([path, source]) => importsOf(path, source));
const code = modules.filter((path) => path.endsWith(".ts") || path.startsWith("src/"));

test("the rules look at every folder", () => {
  for (const folder of ["components/tensor", "components/models", "components/notebook", "src"]) {
    expect(modules.some((path) => path.startsWith(folder))).toBe(true);
  }
  expect(imports.length).toBeGreaterThan(50);
});

describe("a folder imports only what docs/architecture.md allows", () => {
  test.each(Object.entries(mayImport))("%s", (folder, allowed) => {
    const wrong = imports
      .filter(({from, to}) => ruleOf(from) === folder && /^(components|data|src)\b/.test(to))
      .filter(({to}) => ![folder, ...allowed].some((other) => isIn(to, other)))
      .map(({from, to}) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  test("every file of components and data falls under a rule", () => {
    const lost = modules.filter((path) => !ruleOf(path) && !path.startsWith("data/checkpoints"));
    expect(lost).toEqual([]);
  });
});

test("only components/tensor imports tfjs", () => {
  const wrong = imports.filter(({from, to}) => to.startsWith("@tensorflow/") && !from.startsWith("components/tensor/"));
  expect(wrong).toEqual([]);
});

test("only charts, figures and the page import d3", () => {
  const wrong = imports.filter(
    ({from, to}) => /^d3(-|$)/.test(to) && !/^components\/(charts|figures|notebook)\//.test(from)
  );
  expect(wrong).toEqual([]);
});

test("what a figure brings into the page holds no tensor: those stay in the worker", () => {
  const values = new Map<string, string[]>();
  for (const {from, to, type} of imports) {
    if (!type) values.set(from, [...(values.get(from) ?? []), to.replace(/\.js$/, ".ts")]);
  }
  const wrong: string[] = [];
  for (const start of modules.filter((path) => /^components\/(figures|charts|notebook)\//.test(path))) {
    const seen = new Map<string, string>([[start, start]]);
    for (const [path, way] of seen) {
      for (const next of values.get(path) ?? []) {
        if (seen.has(next)) continue;
        if (/^(@tensorflow\/|components\/tensor\/)/.test(next)) wrong.push(`${way} → ${next}`);
        else seen.set(next, `${way} → ${next}`);
      }
    }
  }
  expect(wrong.filter((way) => !way.endsWith("components/tensor/backendReport.ts"))).toEqual([]);
});

test("models and layers know nothing of a page", () => {
  const wrong = code.filter(
    (path) =>
      /^(components\/(models|nn|text)|data)\//.test(path) &&
      /\b(document|localStorage)\.|\bHTML\w*Element\b/.test(withoutComments(text.get(path)!))
  );
  expect(wrong).toEqual([]);
});

describe("nowhere", () => {
  const nowhere: Record<string, RegExp> = {
    "an import from a CDN": /(from\s+|import\(?\s*)["'](npm:|jsr:|https?:)/,
    "an address of a CDN": /https?:\/\/(fonts\.|cdn\.|unpkg|esm\.sh|[\w.]*jsdelivr)/,
    "unseeded randomness":
      /Math\.random\(|crypto\.getRandomValues|\.multinomial\(|\btf\.random|\b(randomNormal|randomUniform|truncatedNormal|dropout)\(/,
    "a read that blocks": /\b(dataSync|arraySync)\(/
  };
  test.each(Object.entries(nowhere))("%s", (_, pattern) => {
    const wrong = code.filter((path) => pattern.test(withoutComments(text.get(path)!)));
    expect(wrong).toEqual([]);
  });

  test.each([
    {folders: ["components", "data", "scripts", "src"], most: 350},
    {folders: ["test"], most: 500}
  ])("a file of more than $most lines in $folders", ({folders, most}) => {
    const long = folders
      .flatMap(filesOf)
      .filter((path) => /\.(ts|mjs|md)$/.test(path) && !path.endsWith(".generated.ts"))
      .map((path) => ({path, lines: readFileSync(join(root, path), "utf8").split("\n").length - 1}))
      .filter(({lines}) => lines > most);
    expect(long).toEqual([]);
  });

  test("a test that is switched off or alone", () => {
    const wrong = filesOf("test").filter(
      (path) =>
        path.endsWith(".test.ts") &&
        /\b(test|it|describe)\.(only|todo|skip)\(/.test(readFileSync(join(root, path), "utf8"))
    );
    expect(wrong).toEqual([]);
  });
});

/** Paths of a folder's files, from the root, with slashes; links are not followed. */
function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join("/")
    )
    .filter((path) => !/^src\/(\.observablehq|components|data|worker|fonts)\//.test(path));
}

function importsOf(from: string, source: string): Import[] {
  const pattern =
    /\b(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g;
  return Array.from(withoutComments(source).matchAll(pattern), ([statement, type, to, dynamic]) => {
    const specifier = (to ?? dynamic)!;
    const names = /\{([^}]*)\}/
      .exec(statement)?.[1]
      ?.split(",")
      .filter((name) => name.trim());
    const onlyTypes = type !== undefined || (names?.every((name) => /^\s*type\s/.test(name)) ?? false);
    const path = specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;
    return {from, to: path.replace(/^src\/(components|data)\//, "$1/"), type: onlyTypes};
  });
}

function ruleOf(path: string): string | undefined {
  return Object.keys(mayImport)
    .filter((folder) => isIn(path, folder))
    .sort((a, b) => b.length - a.length)[0];
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.replace(/\.js$/, ".ts") === folder || path.startsWith(`${folder}/`);
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "$1");
}
