// Files that are never half written.

import {renameSync, writeFileSync} from "node:fs";

/** Writes beside the file and puts that in its place: whoever reads, or an end at the wrong moment, finds a whole one. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** The head and its runs as JSON, a line a run, so that a change of one is seen as such. */
export function runLines({runs, ...head}: {readonly runs: readonly unknown[]}): string {
  const lines = runs.map((run) => JSON.stringify(run));
  return `${JSON.stringify(head).slice(0, -1)},"runs":[\n${lines.join(",\n")}\n]}\n`;
}
