// What must be there before Framework builds or previews the site: fonts, kernels, the worker's bundle, and its cache.

import {mkdirSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {copyFonts} from "./fonts.js";
import {root, runScriptIfPresent} from "./run.js";
import {unlessUnchanged} from "./stamp.js";

const kernels = {
  inputs: [
    "components/tensor/wasm/assembly",
    "scripts/build-kernels.ts",
    "node_modules/assemblyscript/package.json",
    "node_modules/binaryen/package.json"
  ],
  outputs: ["components/tensor/wasm/kernels.generated.ts", "components/tensor/wasm/kernels.relaxed.generated.ts"]
};

/** Returns the name of the font that pages preload. */
export async function prebuild(): Promise<{preloadFont: string}> {
  const preloadFont = copyFonts();
  keepFrameworkOffline();
  // Compiling the kernels is the slow part, and they seldom change.
  await unlessUnchanged("kernels", kernels, () => runScriptIfPresent("build-kernels.ts"));
  await runScriptIfPresent("build-worker.ts");
  return {preloadFont};
}

/**
 * Framework's client names a dozen libraries that a page may ask for, and looks up their latest versions in the npm
 * registry even if no page does. It takes a version that its cache holds instead; an empty folder is enough, since
 * nothing of it is ever loaded. (A page that did ask would fail to build, which is right: nothing comes from a CDN.)
 */
function keepFrameworkOffline(): void {
  const client = join(root, "node_modules/@observablehq/framework/dist/client");
  const cache = join(root, "src/.observablehq/cache/_npm");
  for (const file of readdirSync(client, {recursive: true, encoding: "utf8"})) {
    if (!file.endsWith(".js")) continue;
    for (const [, name] of readFileSync(join(client, file), "utf8").matchAll(/"npm:((?:@[\w.-]+\/)?[\w.-]+)/g)) {
      mkdirSync(join(cache, `${name}@0.0.0`), {recursive: true});
    }
  }
}
