// tfjs's own gradients in Node. Only its union package registers them by itself, and Node cannot import the file that does
// so from the core: it is written for bundlers. Bundled, it brings ops of its own, which find the engine by its global.

import {fileURLToPath} from "node:url";
import {runInThisContext} from "node:vm";
import {build} from "esbuild";

export async function registerStockGradients(): Promise<void> {
  const {outputFiles} = await build({
    stdin: {
      contents: 'import "@tensorflow/tfjs-core/dist/register_all_gradients.js";',
      resolveDir: fileURLToPath(new URL(".", import.meta.url))
    },
    bundle: true,
    format: "iife",
    platform: "browser",
    external: ["fs", "util", "node-fetch"],
    write: false,
    logLevel: "error"
  });
  runInThisContext(outputFiles[0]!.text);
}
