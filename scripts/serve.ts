// Serves a built site on this machine with the headers that it wants: cross-origin isolation (threads, precise timers),
// right types, and caching by name: a name with a hash never changes.

import {createReadStream, statSync} from "node:fs";
import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, resolve, sep} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {root} from "./run.js";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
  ".safetensors": "application/octet-stream"
};

export interface ServeOptions {
  readonly folder: string;
  /** 0 takes any free one. */
  readonly port?: number;
  /** The path under which the site is served, beginning and ending with a slash. */
  readonly base?: string;
}

/** Serves the folder on 127.0.0.1; resolves when it listens. */
export function serve({folder, port = 0, base = "/"}: ServeOptions): Promise<{server: Server; address: string}> {
  const server = createServer((request, response) => answer(folder, base, request, response));
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      done({server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`});
    });
  });
}

function answer(folder: string, base: string, request: IncomingMessage, response: ServerResponse): void {
  const path = findFile(folder, base, request.url ?? "/");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
  const found = path ?? findFile(folder, base, `${base}404.html`);
  if (!found) return void response.writeHead(404, {"Content-Type": "text/plain"}).end("not found");
  const {size, mtime} = statSync(found);
  response.writeHead(path ? 200 : 404, {
    "Content-Type": types[extname(found).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": size,
    "Last-Modified": mtime.toUTCString(),
    "Cache-Control": /\.[0-9a-f]{8}\.\w+$/.test(found) ? "public, max-age=31536000, immutable" : "no-cache"
  });
  if (request.method === "HEAD") return void response.end();
  createReadStream(found)
    .on("error", () => response.destroy())
    .pipe(response);
}

/** The file behind an address: itself, with ".html", or a folder's index.html; nothing outside the folder. */
function findFile(folder: string, base: string, url: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(base) || path.includes("\0")) return undefined;
  const target = resolve(folder, `./${path.slice(base.length)}`);
  if (target !== resolve(folder) && !target.startsWith(resolve(folder) + sep)) return undefined;
  return [target, `${target}.html`, join(target, "index.html")].find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {values} = parseArgs({options: {port: {type: "string"}}});
  const wanted = Number(values.port ?? process.env.PORT ?? 3000);
  const folder = join(root, "dist");
  const {address} = await serve({folder, port: wanted}).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE" && values.port === undefined) return serve({folder});
    throw error;
  });
  console.log(`\nThe notebook is at ${address}\nCtrl+C ends it.\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
}
