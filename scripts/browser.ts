// Finds a Chromium for the tests, or installs one.

import {readFileSync} from "node:fs";
import {findBrowser, launchBrowser} from "../test/browser/launch.js";
import {node, run} from "./run.js";

/** Returns the browser's version. Throws if there is none and none could be installed. */
export async function ensureBrowser(): Promise<string> {
  if (!hasBrowser()) await installBrowser();
  const browser = await launchBrowser("none");
  try {
    return browser.version();
  } finally {
    await browser.close();
  }
}

async function installBrowser(): Promise<void> {
  const debianRoot = process.getuid?.() === 0 && isDebian();
  // Playwright's builds lack nothing on macOS and Windows; on Debian the distribution's package brings its libraries.
  const ways = debianRoot ? [fromDebian, fromPlaywright] : [fromPlaywright, fromDebian];
  const reports: string[] = [];
  for (const way of ways) {
    reports.push(await way());
    if (hasBrowser()) return;
  }
  throw new Error(`no Chromium was found, and none could be installed:\n${reports.join("\n")}`);
}

async function fromPlaywright(): Promise<string> {
  console.log("installing Chromium from Playwright …");
  const {output} = await node(["node_modules/playwright-core/cli.js", "install", "--no-shell", "chromium"], {
    quiet: true,
    env: {PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "15000"}
  });
  return output;
}

async function fromDebian(): Promise<string> {
  if (process.platform !== "linux") return "";
  console.log("installing Chromium with apt-get …");
  const env = {DEBIAN_FRONTEND: "noninteractive"};
  try {
    const update = await run("apt-get", ["update", "-qq"], {quiet: true, env});
    const install = await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      quiet: true,
      env
    });
    return update.output + install.output;
  } catch (error) {
    return String(error); // no apt-get here
  }
}

function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

function hasBrowser(): boolean {
  try {
    findBrowser();
    return true;
  } catch {
    return false;
  }
}
