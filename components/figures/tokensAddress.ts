// Image tokens in a page's address: codes in raster order with dashes between them, 12-0-7-….

import {type Setting, textSetting} from "../notebook/settings.js";

/** "" stands for tokens that the page finds by itself. */
export const tokensSetting: Setting<string> = {
  ...textSetting("", {maxLength: 400}),
  parse: (text) => (text.length <= 400 && readTokens(text) !== null ? text : undefined),
  expects: "codes with dashes between them"
};

export function writeTokens(tokens: ArrayLike<number>): string {
  return Array.from(tokens).join("-");
}

/** null for what names no tokens. */
export function readTokens(text: string): number[] | null {
  return /^\d{1,3}(-\d{1,3})*$/.test(text) ? text.split("-").map(Number) : null;
}
