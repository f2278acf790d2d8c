// Peers as workers of a blank page in Chromium, each in a browser of its own: one that loses its GPU takes no other along.

import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {extname, join} from "node:path";
import {fileURLToPath} from "node:url";
import type {BackendName} from "../../../components/tensor/backendReport.js";
import {graphics, launchBrowser} from "../../../test/browser/launch.js";
import {buildWorker} from "../../build-worker.js";
import {type Handle, titles} from "../handle.js";
import type {Answer, Ask, PeerName, Start} from "../peer.js";

export interface BrowserPeers {
  start(peer: PeerName): Promise<Handle>;
  close(): Promise<void>;
}

/** Bundles the peers and serves them, to run with the graphics that this backend needs. */
export async function browserPeers(backend: BackendName): Promise<BrowserPeers> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  await buildWorker({entry: fileURLToPath(new URL("browserWorker.ts", import.meta.url)), outdir: folder});
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Benchmark</title>");
  const {address, stop} = await serveFolder(folder);
  return {
    start: (peer) => startInBrowser(address, peer, backend),
    async close() {
      stop();
      rmSync(folder, {recursive: true});
    }
  };
}

async function startInBrowser(address: string, peer: PeerName, backend: BackendName): Promise<Handle> {
  const browser = await launchBrowser(backend === "wasm" || backend === "cpu" ? "none" : graphics(backend));
  const page = await browser.newPage();
  await page.goto(address);
  const worker = await page.evaluateHandle(() => new Worker("engine.js", {type: "module"}));
  const ask = (message: Start | Ask): Promise<Answer> =>
    worker
      .evaluate(
        (own, message) =>
          new Promise<Answer>((resolve) => {
            own.onmessage = ({data}) => resolve(data);
            own.onerror = (event) => resolve({error: event.message || "the worker failed"});
            own.postMessage(message);
          }),
        message
      )
      .catch((error) => ({error: String(error)})); // the page may have crashed
  const first = await ask({peer, backend});
  return {
    name: titles[peer],
    description: "description" in first ? `${first.description}, Chromium ${browser.version()}` : "",
    // A peer that does not start at all says why for each workload.
    ask: async (message) => ("description" in first ? ask(message) : first),
    close: () => browser.close()
  };
}

/**
 * Without the headers of cross-origin isolation, as a static host serves a site: no peer has shared memory, so each has
 * one thread.
 */
async function serveFolder(folder: string): Promise<{address: string; stop: () => void}> {
  const types: Record<string, string> = {".html": "text/html", ".js": "text/javascript"};
  const server = createServer(async (request, response) => {
    const name = request.url === "/" ? "/index.html" : (request.url ?? "/");
    try {
      const body = await readFile(join(folder, name));
      response.writeHead(200, {"Content-Type": types[extname(name)] ?? "application/octet-stream"}).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  return {address: `http://127.0.0.1:${port}/`, stop: () => void server.close()};
}
