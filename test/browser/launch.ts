// Finds a Chromium and starts it with the flags under which each backend really runs on a machine without a GPU. Where
// there is one, GRAPHICS=hardware lets the tests of WebGPU and WebGL run on it.

import {accessSync, constants} from "node:fs";
import {delimiter, join} from "node:path";
import {type Browser, chromium} from "playwright-core";

/** What the browser may use: software WebGL, software WebGPU (and WebGL), the machine's GPU for both, or neither. */
export type Graphics = "webgl" | "webgpu" | "hardware" | "none";

/** Whether the tests that draw do so on the machine's GPU. */
export const onHardware = process.env.GRAPHICS === "hardware";

/** In software, or on the machine's GPU if that was asked for. */
export function graphics(software: "webgl" | "webgpu"): Graphics {
  return onHardware ? "hardware" : software;
}

/** How a page describes these backends here, so that a test does not take one for the other. */
export const described = onHardware ? /^Web(GPU|GL) · (?!.*(swiftshader|llvmpipe))/i : /^Web(GPU|GL) · .*swiftshader/i;

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
// Linux without a display, where composing pages on the GPU stalls them; elsewhere Chromium finds the GPU by itself.
const HARDWARE = [
  "--use-angle=vulkan",
  "--enable-features=Vulkan",
  "--disable-vulkan-surface",
  "--disable-gpu-compositing",
  "--ignore-gpu-blocklist"
];
const NONE = ["--disable-gpu", "--disable-software-rasterizer"];

const FLAGS: Readonly<Record<Graphics, readonly string[]>> = {
  webgl: WEBGL,
  webgpu: WEBGPU,
  hardware: ["--enable-unsafe-webgpu", ...(process.platform === "linux" ? HARDWARE : [])],
  none: NONE
};

/** Command-line flags for these graphics. */
export function browserFlags(graphics: Graphics): string[] {
  return [...ALWAYS, ...FLAGS[graphics]];
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
