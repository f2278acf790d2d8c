// Bundles TypeScript for the browser as the site's worker is bundled: one file, .wasm files as bytes.

import {build} from "esbuild";

/** The script as one immediately invoked function; it can hand things over through globalThis. */
export async function bundle(entry: string): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    loader: {".wasm": "binary"},
    logLevel: "error"
  });
  return outputFiles[0]!.text;
}
