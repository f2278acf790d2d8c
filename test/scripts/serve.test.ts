import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {request} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {serve} from "../../scripts/serve.js";

const folder = mkdtempSync(join(tmpdir(), "serve-"));
let site: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  mkdirSync(join(folder, "public/_file"), {recursive: true});
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "public/index.html"), "home");
  writeFileSync(join(folder, "public/dalle.html"), "dalle");
  writeFileSync(join(folder, "public/_file/a.0123abcd.wasm"), "wasm");
  site = await serve({folder: join(folder, "public"), base: "/sub/"});
});
afterAll(() => {
  site.server.close();
  rmSync(folder, {recursive: true});
});

const get = (path: string) => fetch(new URL(path, site.address));

test("pages without their extension, not cached", async () => {
  expect(await (await get("/sub/")).text()).toBe("home");
  const page = await get("/sub/dalle?x=1");
  expect(await page.text()).toBe("dalle");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
});

test("a name with a hash for ever, with its type", async () => {
  const file = await get("/sub/_file/a.0123abcd.wasm");
  expect(file.headers.get("cache-control")).toContain("immutable");
  expect(file.headers.get("content-type")).toBe("application/wasm");
});

test("what is not there, and what is none of the world's business", async () => {
  for (const path of [
    "/sub/nothing",
    "/",
    "/sub/_file",
    "/sub/%2e%2e/secret.txt",
    "/sub/..%2fsecret.txt",
    "/sub/%zz"
  ]) {
    expect([path, (await rawGet(path)).status]).toEqual([path, 404]);
  }
  expect((await fetch(site.address, {method: "POST"})).status).toBe(405);
});

/** fetch would tidy the path before it is sent. */
function rawGet(path: string): Promise<{status: number | undefined}> {
  const {hostname, port} = new URL(site.address);
  return new Promise((resolve, reject) => {
    request({hostname, port, path}, (response) => {
      response.resume();
      resolve({status: response.statusCode});
    })
      .on("error", reject)
      .end();
  });
}
