// Builds the site into dist/: prebuild, Framework, then the mends that Framework's pages need. Framework exits with 0
// on a page whose code does not parse, so the built pages are searched for its error boxes.

import {cpSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {transform} from "esbuild";
import {fontsFolder} from "./fonts.js";
import {findErrors, mendPage} from "./mend.js";
import {prebuild} from "./prebuild.js";
import {frameworkBin, node, root} from "./run.js";

const dist = join(root, "dist");

/** Builds; throws with what is wrong. */
export async function buildSite(): Promise<void> {
  const {preloadFont} = await prebuild();
  const {status, output} = await node([frameworkBin, "build"], {quiet: true});
  if (status !== 0) throw new Error(`observable build failed:\n${output}`);
  if (/^npm:|jsr:| npm:\S+ →/m.test(output)) throw new Error(`observable build asked the network:\n${output}`);
  const complaints = output.split("\n").filter((line) => /warning|broken link|↳|non-local/i.test(line));
  if (complaints.length > 0) throw new Error(`observable build complained:\n${complaints.join("\n")}`);

  // The fonts stand behind url() in a style sheet, where Framework does not look.
  cpSync(join(root, "src", fontsFolder), join(dist, "_file", fontsFolder), {
    recursive: true,
    filter: (path) => !path.endsWith(".css")
  });
  writeFileSync(join(dist, ".nojekyll"), ""); // GitHub Pages would drop folders that begin with an underscore
  const errors: string[] = [];
  for (const path of filesOf(dist, ".html")) {
    const page = readFileSync(path, "utf8");
    errors.push(...findErrors(page).map((error) => `${relative(dist, path)}: ${error}`));
    const depth = relative(dist, path).split(/[\\/]/).length - 1;
    const toRoot = depth === 0 ? "./" : "../".repeat(depth);
    writeFileSync(path, mendPage(page, {preload: `${toRoot}_file/${fontsFolder}/${preloadFont}`}));
  }
  if (errors.length > 0) throw new Error(`pages with errors:\n${errors.join("\n")}`);
  for (const path of filesOf(join(dist, "_import"), ".js")) await shrink(path);
}

/** Framework writes our modules as they are, comments and all. */
async function shrink(path: string): Promise<void> {
  const {code} = await transform(readFileSync(path, "utf8"), {minify: true, format: "esm", target: "es2022"});
  writeFileSync(path, code);
}

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const start = performance.now();
  try {
    await buildSite();
    console.log(`built dist in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
