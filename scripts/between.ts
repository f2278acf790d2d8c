// Parts of a document that a script writes.

import {readFileSync, writeFileSync} from "node:fs";

/** Replaces what stands between `<!-- name -->` and the next `<!-- end -->`. Throws if they are not there. */
export function replaceBetween(path: string, name: string, content: string): void {
  const text = readFileSync(path, "utf8");
  const start = `<!-- ${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf("<!-- end -->", from);
  if (from < 0 || to < 0) throw new Error(`replaceBetween: expected ${start} … <!-- end --> in ${path}`);
  writeFileSync(path, `${text.slice(0, from)}${start}\n\n${content}\n\n${text.slice(to)}`);
}
