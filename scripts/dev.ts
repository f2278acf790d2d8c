// The site with live editing: Framework's preview, which follows pages, styles and components by itself, and the
// worker, which is bundled anew when something that it may hold has changed.

import {spawn} from "node:child_process";
import {watch} from "node:fs";
import {join} from "node:path";
import {prebuild} from "./prebuild.js";
import {frameworkBin, root, runScriptIfPresent} from "./run.js";

await prebuild();

const preview = spawn(process.execPath, [frameworkBin, "preview", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"}
});
preview.on("exit", (code) => process.exit(code ?? 0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => preview.kill(signal));

let timer: NodeJS.Timeout | undefined;
let building = false;
const bundle = async (): Promise<void> => {
  if (building) return later();
  building = true;
  try {
    await runScriptIfPresent("build-worker.ts");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  } finally {
    building = false;
  }
};
const later = (): void => {
  clearTimeout(timer);
  timer = setTimeout(bundle, 300);
};
for (const folder of [
  "components/models",
  "components/nn",
  "components/tensor",
  "components/text",
  "components/training",
  "data"
]) {
  watch(join(root, folder), {recursive: true}, (_, name) => {
    if (name?.endsWith(".ts")) later();
  });
}
