// Finds a Chromium and starts it with the flags under which each backend really runs on a machine without a GPU.

import {accessSync, constants} from "node:fs";
import {delimiter, join} from "node:path";
import {type Browser, chromium} from "playwright-core";

/** What the browser may use: software WebGL, software WebGPU (and WebGL), or neither. */
export type Graphics = "webgl" | "webgpu" | "none";

const ALWAYS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
];
const WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const WEBGPU = [...WEBGL, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];
const NONE = ["--disable-gpu", "--disable-software-rasterizer"];

/** Command-line flags for these graphics. */
export function browserFlags(graphics: Graphics): string[] {
  return [...ALWAYS, ...(graphics === "webgl" ? WEBGL : graphics === "webgpu" ? WEBGPU : NONE)];
}

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  join(process.env.LOCALAPPDATA ?? "", "Google\\Chrome\\Application\\chrome.exe"),
  // Comes with Windows.
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"
];

/**
 * The browser's path: the environment variable CHROMIUM, else one that Playwright has installed, else one on the PATH
 * or in its usual place. Throws if there is none.
 */
export function findBrowser(): string {
  const named = process.env.CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`findBrowser: expected CHROMIUM to name an executable, got ${named}`);
  }
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, process.platform === "win32" ? `${name}.exe` : name)));
  const found = [chromium.executablePath(), ...onPath, ...PLACES].find(isExecutable);
  if (found) return found;
  throw new Error("findBrowser: expected a Chromium, got none; run `npx playwright-core install chromium`");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts the browser; the caller closes it. */
export function launchBrowser(graphics: Graphics): Promise<Browser> {
  return chromium.launch({executablePath: findBrowser(), args: browserFlags(graphics)});
}
