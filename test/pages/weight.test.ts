// What a reader loads: a page's scripts before anything is pressed, and the worker's code for one backend.

import {existsSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";
import {beforeAll, describe, expect, test} from "vitest";
import {buildSite} from "../../scripts/build.js";
import {buildWorker, workerSizes} from "../../scripts/build-worker.js";
import {root} from "../../scripts/run.js";
import {pagePaths} from "./paths.js";

const dist = join(root, "dist");

beforeAll(async () => {
  if (!existsSync(join(dist, "index.html"))) await buildSite();
});

test.each(pagePaths())('the page "%s" has at most 150 kB of scripts after gzip', (path) => {
  const scripts = scriptsOf(join(dist, `${path || "index"}.html`));
  expect(scripts.length).toBeGreaterThan(20); // they have been found
  expect(gzipped(scripts)).toBeLessThan(150_000);
});

describe("the worker's code", () => {
  test("is at most 350 kB after gzip for any one backend", async () => {
    const sizes = await workerSizes(await buildWorker());
    expect(Object.keys(sizes).sort()).toEqual(["cpu", "wasm", "webgl", "webgpu"]);
    for (const [backend, bytes] of Object.entries(sizes)) {
      expect(bytes, backend).toBeGreaterThan(50_000);
      expect(bytes, backend).toBeLessThan(350_000);
    }
  });
});

/** All scripts that a page imports, and what these import. */
function scriptsOf(page: string): string[] {
  const text = readFileSync(page, "utf8");
  const named = [/<link rel="modulepreload" href="([^"]+)"/g, /(?:from|import)\s*\(?"(\.[^"]+\.js)"/g];
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const [, next] of readFileSync(path, "utf8").matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g)) {
      visit(join(dirname(path), next!));
    }
  };
  for (const [, start] of named.flatMap((pattern) => [...text.matchAll(pattern)])) visit(join(dist, start!));
  return [...found];
}

function gzipped(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}
