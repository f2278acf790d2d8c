// The pages that there should be: one for each Markdown file of src.

import {readdirSync} from "node:fs";
import {join, sep} from "node:path";
import {root} from "../../scripts/run.js";

/** "", "dalle", …: addresses below the site's root, in order. */
export function pagePaths(): string[] {
  return readdirSync(join(root, "src"), {recursive: true, encoding: "utf8"})
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".md") && !/^(components|data|\.observablehq)\//.test(path) && path !== "404.md")
    .map((path) => path.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, ""))
    .sort();
}
