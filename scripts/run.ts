// Child processes of the project's commands.

import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

/** The repository's root, ending without a slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

export interface RunOptions {
  /** Keep the output instead of showing it. */
  readonly quiet?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs node with these arguments in the root; resolves to the exit status and what it wrote. */
export function node(args: readonly string[], options: RunOptions = {}): Promise<{status: number; output: string}> {
  return run(process.execPath, args, options);
}

/** Runs a command in the root. Its standard input is closed, so that nothing can wait for an answer. */
export function run(
  command: string,
  args: readonly string[],
  {quiet = false, env = {}}: RunOptions = {}
): Promise<{status: number; output: string}> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true", ...env}
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (!quiet) process.stdout.write(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (!quiet) process.stderr.write(chunk);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({status: code ?? 1, output: Buffer.concat(chunks).toString("utf8")}));
  });
}

/** Runs a script of this folder if it exists; throws with its output if it fails. */
export async function runScriptIfPresent(name: string, ...args: string[]): Promise<void> {
  const script = join("scripts", name);
  if (!existsSync(join(root, script))) return;
  const {status, output} = await node(["--import", "tsx", script, ...args], {quiet: true});
  if (status !== 0) throw new Error(`${script} failed:\n${output}`);
}

/** Observable Framework's command line. */
export const frameworkBin = join(root, "node_modules/@observablehq/framework/dist/bin/observable.js");
