// Bundles the worker: components/training/worker.ts → src/worker/engine.js, where Framework finds it, with each backend
// in chunks of its own that are loaded when that backend starts. Run: npx tsx scripts/build-worker.ts [--sizes]

import {readdir, readFile, rm} from "node:fs/promises";
import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import {build, type Metafile, type Plugin} from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface WorkerOptions {
  /** The worker's source and the folder for its bundle; by default the site's. */
  readonly entry?: string;
  readonly outdir?: string;
}

/** A .wasm file as a string with a character a byte: after gzip a quarter smaller than esbuild's own base64. */
const wasmAsText: Plugin = {
  name: "wasm as text",
  setup({onLoad}) {
    onLoad({filter: /\.wasm$/}, async ({path}) => {
      const text = JSON.stringify((await readFile(path)).toString("latin1"));
      return {contents: `export default Uint8Array.from(${text}, (c) => c.charCodeAt(0));`, loader: "js"};
    });
  }
};

/** Builds the worker and gives esbuild's account of the outputs. Files left from an earlier build are removed. */
export async function buildWorker({
  entry = join(root, "components/training/worker.ts"),
  outdir = join(root, "src/worker")
}: WorkerOptions = {}): Promise<Metafile> {
  const {metafile} = await build({
    entryPoints: {engine: entry},
    outdir,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    chunkNames: "[name]-[hash]",
    charset: "utf8",
    plugins: [wasmAsText],
    // tfjs asks for these only in Node.
    external: ["fs", "path", "worker_threads", "perf_hooks", "crypto", "util", "os"],
    metafile: true,
    logLevel: "error"
  });
  const made = new Set(Object.keys(metafile.outputs).map((path) => join(root, path)));
  for (const name of await readdir(outdir)) {
    const path = join(outdir, name);
    if (!made.has(path)) await rm(path, {recursive: true});
  }
  return metafile;
}

/** Bytes after gzip of what a reader loads for each backend: the entry and, with all that they import, its chunks. */
export async function workerSizes(metafile: Metafile): Promise<Record<string, number>> {
  const outputs = Object.entries(metafile.outputs);
  const entry = outputs.find(([path]) => path.endsWith("/engine.js"))?.[0];
  if (!entry) throw new Error("workerSizes: expected the worker's entry among the outputs, got none");
  const startOf = (word: string): string[] =>
    outputs.filter(([, {entryPoint}]) => entryPoint?.includes(word)).map(([path]) => path);
  const starts: Record<string, string[]> = {
    webgpu: [...startOf("tfjs-backend-webgpu"), ...startOf("tensor/webgpu/")],
    webgl: [...startOf("tfjs-backend-webgl"), ...startOf("tensor/webgl/")],
    // Of the two builds of our kernels the one that most browsers load, which is not the smaller.
    wasm: [...startOf("tfjs-backend-wasm"), ...startOf("tensor/wasm/index"), ...startOf("kernels.relaxed")],
    cpu: startOf("tfjs-backend-cpu")
  };
  const sizes: Record<string, number> = {};
  for (const [backend, files] of Object.entries(starts)) {
    const loaded = new Set<string>();
    const visit = (path: string): void => {
      if (loaded.has(path)) return;
      loaded.add(path);
      for (const {path: next, kind, external} of metafile.outputs[path]?.imports ?? []) {
        if (kind === "import-statement" && !external) visit(next);
      }
    };
    for (const path of [entry, ...files]) visit(path);
    const bytes = await Promise.all([...loaded].map(async (path) => gzipSync(await readFile(join(root, path))).length));
    sizes[backend] = bytes.reduce((a, b) => a + b, 0);
  }
  return sizes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const metafile = await buildWorker();
  if (process.argv.includes("--sizes")) {
    for (const [path, {bytes}] of Object.entries(metafile.outputs)) {
      console.log(`${relative("src/worker", path).padEnd(44)} ${(bytes / 1000).toFixed(0).padStart(6)} kB`);
    }
    for (const [backend, bytes] of Object.entries(await workerSizes(metafile))) {
      console.log(`${backend.padEnd(44)} ${(bytes / 1000).toFixed(0).padStart(6)} kB after gzip, all that it loads`);
    }
  }
}
