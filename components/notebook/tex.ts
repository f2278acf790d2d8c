// Formulas, rendered when the site is built: $…$ in a line, $$…$$ as a block, to HTML and MathML by KaTeX. The symbols
// of symbols.ts have macros that carry their colour and their name, for the links between formula, code and figure.

import katex from "katex";
import type {InlineRule, MarkdownIt} from "./markdownIt.js";
import {meaningClass, type SymbolName, symbols} from "./symbols.js";

const DOLLAR = 0x24;

/** The macro of every symbol: its TeX in an element with data-symbol and the class of its meaning. */
export function texMacros(): Record<string, string> {
  const entries = Object.entries(symbols).map(([name, {macro, tex}]) => {
    const marked = `\\htmlData{symbol=${name}}{${tex}}`;
    const colour = meaningClass(name as SymbolName);
    return [macro, colour ? `\\htmlClass{${colour}}{${marked}}` : marked];
  });
  return {...Object.fromEntries(entries), "\\E": "\\mathbb{E}"};
}

/** HTML of a formula. Throws with KaTeX's sentence if the TeX is wrong. */
export function renderTex(tex: string, display: boolean): string {
  const html = katex.renderToString(tex, {
    displayMode: display,
    macros: texMacros(), // a fresh record: KaTeX adds to it what the formula defines
    output: "htmlAndMathml",
    strict: (code: string) => (code === "htmlExtension" ? "ignore" : "error"),
    throwOnError: true,
    trust: ({command}) => command === "\\htmlData" || command === "\\htmlClass"
  });
  return display ? `<div class="formula">${html}</div>\n` : html;
}

/** The markdown-it plugin. A formula in a line neither begins nor ends with a space; ${…} is left to Framework. */
export function texPlugin(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "tex", inlineRule);
  md.block.ruler.before(
    "fence",
    "texBlock",
    (state, start, end, silent) => {
      const from = state.bMarks[start]! + state.tShift[start]!;
      if (!state.src.startsWith("$$", from)) return false;
      const close = state.src.indexOf("$$", from + 2);
      if (close < 0) return false;
      let line = start;
      while (line < end && state.eMarks[line]! < close + 2) ++line;
      if (state.src.slice(close + 2, state.eMarks[line]).trim() !== "") return false;
      if (silent) return true;
      const token = state.push("tex_block", "div", 0);
      token.block = true;
      token.content = state.src.slice(from + 2, close).trim();
      token.map = [start, line + 1];
      state.line = line + 1;
      return true;
    },
    {alt: ["paragraph", "reference", "blockquote", "list"]}
  );
  md.renderer.rules.tex_inline = (tokens, i) => renderTex(tokens[i]!.content, false);
  md.renderer.rules.tex_block = (tokens, i) => renderTex(tokens[i]!.content, true);
}

const inlineRule: InlineRule = (state, silent) => {
  const {src, pos, posMax} = state;
  if (src.charCodeAt(pos) !== DOLLAR || /[\s{$]/.test(src[pos + 1] ?? " ")) return false;
  let close = pos + 1;
  while (close < posMax && src.charCodeAt(close) !== DOLLAR) close += src[close] === "\\" ? 2 : 1;
  // "$5 and $6" is money: a formula's last dollar follows no space and precedes no digit.
  if (close >= posMax || /\s/.test(src[close - 1]!) || /\d/.test(src[close + 1] ?? "")) return false;
  // What closes a clause becomes a part of the formula: a line could break between the two.
  const [tail = ""] = /^[,.;:?)]*/.exec(src.slice(close + 1, posMax)) ?? [];
  const tex = src.slice(pos + 1, close);
  if (!silent) state.push("tex_inline", "span", 0).content = tail === "" ? tex : `${tex}\\text{${tail}}`;
  state.pos = close + 1 + tail.length;
  return true;
};
