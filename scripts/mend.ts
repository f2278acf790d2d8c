// Mends for Framework's pages: a language, a viewport that may be enlarged, a content security policy, a preloaded font.

import {createHash} from "node:crypto";

export interface MendOptions {
  /** The text face's address, relative to the page. */
  readonly preload: string;
}

/** The page with its mends. Throws if the page is not as Framework writes it. */
export function mendPage(page: string, {preload}: MendOptions): string {
  const mended = replaceOnce(
    replaceOnce(page, "<html>", '<html lang="en">'),
    '<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(page)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="preload" as="font" type="font/woff2" href="${preload}" crossorigin>`
  );
  return mended;
}

/** Text of the error boxes that Framework left in the page instead of failing. */
export function findErrors(page: string): string[] {
  const boxes = page.matchAll(/class="[^"]*observablehq--error[^"]*"[^>]*>([^<]*)/g);
  return Array.from(boxes, ([, text]) => text?.trim() || "an error without a text");
}

/**
 * Nothing from another host; the inline scripts that the page holds now and no others. WebAssembly needs its own word,
 * and Framework sets styles on elements.
 */
function policy(page: string): string {
  const hashes = inlineScripts(page).map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`
  );
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'self'",
    "form-action 'none'"
  ].join("; ");
}

function inlineScripts(page: string): string[] {
  return Array.from(page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g), ([, text]) => text ?? "");
}

function replaceOnce(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`mendPage: expected one "${from}", got ${parts.length - 1}`);
  return parts.join(to);
}
