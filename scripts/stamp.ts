// Steps that need not run again: a note of what went in and what came out, as hashes, in .cache/.

import {createHash} from "node:crypto";
import {mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {root} from "./run.js";

/**
 * Runs the step unless inputs and outputs (files or folders, relative to the root) are as its last run left them.
 * Returns whether it ran.
 */
export async function unlessUnchanged(
  name: string,
  {inputs, outputs}: {inputs: readonly string[]; outputs: readonly string[]},
  step: () => Promise<void>
): Promise<boolean> {
  const note = join(root, ".cache", `${name}.stamp`);
  const before = hashOf(inputs);
  if (read(note) === `${before} ${hashOf(outputs)}`) return false;
  rmSync(note, {force: true});
  await step();
  mkdirSync(join(root, ".cache"), {recursive: true});
  writeFileSync(note, `${before} ${hashOf(outputs)}`);
  return true;
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesOf(path))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update("\0");
  }
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  const found = statSync(join(root, path), {throwIfNoEntry: false});
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
