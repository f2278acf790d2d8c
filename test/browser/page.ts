// A page in a real browser with one script, served from 127.0.0.1 (WebGPU wants a secure context).

import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import type {Browser, Page} from "playwright-core";
import {type Graphics, launchBrowser} from "./launch.js";

export interface ScriptPage {
  readonly page: Page;
  /** Errors that the page has thrown or logged. */
  readonly errors: string[];
  close(): Promise<void>;
}

/** Opens a page that has run the script, under a content security policy if one is given. The caller closes it. */
export async function openScript(script: string, graphics: Graphics, policy?: string): Promise<ScriptPage> {
  const server = await serve(script, policy);
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser(graphics);
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const opened = browser;
    return {
      page,
      errors,
      async close() {
        await opened.close();
        server.close();
      }
    };
  } catch (error) {
    await browser?.close();
    server.close();
    throw error;
  }
}

function serve(script: string, policy?: string): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === "/script.js") {
      response.writeHead(200, {"content-type": "text/javascript; charset=utf-8"}).end(script);
    } else if (request.url === "/") {
      response
        .writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          ...(policy ? {"content-security-policy": policy} : {})
        })
        .end('<!doctype html><title>test</title><link rel="icon" href="data:,"><script src="/script.js"></script>');
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
