// The built site, served and opened in a browser, with everything that goes wrong written down.

import {existsSync, readdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join, sep} from "node:path";
import type {Browser, Page} from "playwright-core";
import {buildSite} from "../../scripts/build.js";
import {root} from "../../scripts/run.js";
import {serve} from "../../scripts/serve.js";
import {type Graphics, launchBrowser} from "../browser/launch.js";

const dist = join(root, "dist");

/** A folder below a host's root, as on GitHub Pages. */
export const subPath = "/some/where/";

export interface OpenedPage {
  readonly page: Page;
  /** Console errors, thrown errors, failed and foreign requests, answers of 400 and above. */
  readonly problems: string[];
  close(): Promise<void>;
}

export interface Site {
  /** Addresses of the pages below the site's root: "", "dalle", … */
  readonly paths: readonly string[];
  /** Opens a page at the root or below a sub-path, as a new reader without anything stored. */
  open(path: string, options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly base?: string;
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: {width: number; height: number};
  /** Added to the address, such as "?v=1&backend=wasm". */
  readonly search?: string;
}

/** Serves dist, which is built first if it is not there. The tests' command has built it by then. */
export async function openSite(graphics: Graphics = "none"): Promise<Site> {
  if (!existsSync(join(dist, "index.html"))) await buildSite();
  const servers = new Map<string, Awaited<ReturnType<typeof serve>>>();
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    for (const {server} of servers.values()) server.close();
  };
  try {
    for (const base of ["/", subPath]) servers.set(base, await serve({folder: dist, base}));
    const started = await launchBrowser(graphics);
    browser = started;
    return {
      paths: pagePaths(),
      open: (path, options = {}) => {
        const {address} = servers.get(options.base ?? "/")!;
        return openPage(started, `${address}${path}${options.search ?? ""}`, address, options);
      },
      close
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPage(browser: Browser, url: string, site: string, options: OpenOptions): Promise<OpenedPage> {
  const context = await browser.newContext({
    colorScheme: options.colorScheme ?? "light",
    viewport: options.viewport ?? {width: 1280, height: 720}
  });
  context.setDefaultTimeout(300_000); // a busy machine is slow; this only ends what hangs
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Aborted: the page was left while something was still under way.
    if (reason !== "net::ERR_ABORTED") problems.push(`failed: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(site) && !/^(data|blob):/.test(address)) problems.push(`foreign: ${address}`);
  });
  await page.goto(url, {waitUntil: "load"});
  await page.evaluate(() => document.fonts.ready);
  return {page, problems, close: () => context.close()};
}

/** Every page of dist but the one for addresses that do not exist. */
function pagePaths(): string[] {
  return readdirSync(dist, {recursive: true, encoding: "utf8"})
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".html") && path !== "404.html")
    .map((path) => path.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, ""))
    .sort();
}

/** Waits until no cell of the page is still computing. */
export async function cellsSettled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("observablehq-loading") === null);
}

export interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly targets: string[];
  readonly summary: string;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds serious or critical on the page as it is now. */
export async function seriousViolations(page: Page): Promise<AxeViolation[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const {axe} = globalThis as unknown as {
      axe: {
        run(
          context: Document,
          options: object
        ): Promise<{
          violations: {id: string; impact: string | null; nodes: {target: unknown[]; failureSummary?: string}[]}[];
        }>;
      };
    };
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations
      .filter(({impact}) => impact === "serious" || impact === "critical")
      .map(({id, impact, nodes}) => ({
        id,
        impact,
        targets: nodes.slice(0, 5).map(({target}) => String(target)),
        summary: nodes[0]?.failureSummary ?? ""
      }));
  });
}
