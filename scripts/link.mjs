// Framework imports only files below its root, src/, so components/ and data/ are linked there (git ignores the links).

import {lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync} from "node:fs";
import {join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Makes src/components and src/data point to the folders of that name; junctions on Windows, which need no rights. */
export function link() {
  mkdirSync(join(root, "src"), {recursive: true});
  for (const name of ["components", "data"]) {
    const target = join(root, name);
    const path = join(root, "src", name);
    if (pointsTo(path, target)) continue;
    rmSync(path, {recursive: true, force: true});
    if (process.platform === "win32") symlinkSync(target, path, "junction");
    else symlinkSync(relative(join(root, "src"), target), path, "dir");
  }
}

function pointsTo(path, target) {
  try {
    const found = lstatSync(path);
    if (!found.isSymbolicLink())
      throw new Error(`link: expected ${path} to be a link, got a file or folder; remove it`);
    return resolve(join(root, "src"), readlinkSync(path)).replace(/[\\/]$/, "") === target;
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) link();
