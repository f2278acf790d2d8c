// What every command needs before anything else can run: Node, the packages, the links. Plain JavaScript, since on a
// fresh machine nothing but Node and npm is there.

import {spawn, spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {link} from "./link.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs the packages if they are absent or differ from the lock file, and makes the links. */
export function setUp() {
  process.chdir(root);
  checkNode();
  if (!isInstalled()) install();
  link();
}

/**
 * Runs a TypeScript file of the project; ends this process with its exit status if that is not 0. Signals go on to it.
 * The telemetry that Framework would send is switched off.
 */
export async function runScript(script, ...args) {
  const child = spawn(process.execPath, ["--import", "tsx", join("scripts", script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"}
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signals.includes(signal) ? 0 : (code ?? 1)));
  });
  for (const signal of signals) process.off(signal, forward);
  if (status !== 0) process.exit(status);
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`This needs Node 20.19 or newer, and this is ${process.versions.node}: see https://nodejs.org`);
  process.exit(1);
}

/** Does node_modules hold what the lock file asks for? npm notes in node_modules what it has installed. */
function isInstalled() {
  const installed = readPackages("node_modules/.package-lock.json");
  const wanted = readPackages("package-lock.json");
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, {version, optional}]) => {
    if (path === "") return true;
    return installed[path] ? installed[path].version === version : optional === true;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  } catch {
    return undefined;
  }
}

function install() {
  console.log("installing packages …");
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm names its own script when it runs us; without it (node scripts/start.mjs), npm is found on the PATH.
  const npm = process.env.npm_execpath;
  const {status} = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], {cwd: root, stdio: "inherit"})
    : spawnSync("npm", args, {cwd: root, stdio: "inherit", shell: process.platform === "win32"});
  if (status !== 0) {
    console.error("npm ci failed: is the npm registry within reach?");
    process.exit(status ?? 1);
  }
}
