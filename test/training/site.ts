// A built worker and a page that uses it, served as the site is: under a sub-path, with its content security policy.

import {mkdtemp, readFile, rm} from "node:fs/promises";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {build} from "esbuild";
import {buildWorker} from "../../scripts/build-worker.js";

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src 'self'; worker-src 'self'";

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the worker of this entry (by default the site's) and serves a page with this script. */
export async function serveSite(pageEntry: string, workerEntry?: string): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "worker-"));
  await buildWorker({outdir: join(folder, "worker"), ...(workerEntry ? {entry: workerEntry} : {})});
  await build({
    entryPoints: {page: pageEntry},
    outdir: join(folder, "a/b"), // as deep as components/training, from where the handle looks for the worker
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error"
  });
  const html =
    '<!doctype html><title>test</title><link rel="icon" href="data:,"><script type="module" src="a/b/page.js"></script>';
  const server = createServer(async ({url = ""}, response) => {
    const path = new URL(url, "http://localhost").pathname.replace(/^\/sub\//, "");
    const headers = {"content-security-policy": policy};
    if (path === "") return void response.writeHead(200, {...headers, "content-type": "text/html"}).end(html);
    try {
      const file = await readFile(join(folder, path));
      response.writeHead(200, {...headers, "content-type": "text/javascript"}).end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sub/`,
    async close() {
      server.close();
      await rm(folder, {recursive: true});
    }
  };
}
