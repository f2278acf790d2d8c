// The site with live editing: Framework's preview, and the worker bundled anew whenever its sources change.

import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {prebuild} from "./prebuild.js";
import {frameworkBin, root} from "./run.js";

await prebuild();

const env = {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"};
const start = (args: string[]) => spawn(process.execPath, args, {cwd: root, stdio: "inherit", env});
const children = [start([frameworkBin, "preview", ...process.argv.slice(2)])];
if (existsSync(join(root, "scripts/build-worker.ts"))) {
  children.push(start(["--import", "tsx", "scripts/build-worker.ts", "--watch"]));
}
const end = () => {
  for (const child of children) child.kill();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
for (const child of children) {
  child.on("exit", (code) => {
    end();
    process.exitCode ||= code ?? 0;
  });
}
