// The code that runs, in the page: an excerpt of a real source file, read when the site is built.
//
//   ```source components/nn/gumbel.ts#relaxedSample
//   ```
//   ```source components/models/dvae.ts#dvaeLoss x z y=relaxed
//   ```
//
// The part after # is a top-level name of the file; the excerpt is its declaration with the comment above it. Words
// after that link further identifiers to symbols: "x" the identifier x to the symbol x, "y=relaxed" y to relaxed.
// Identifiers that symbols.ts lists are linked everywhere. A letter of the comments can be given in the same way, where it
// stands for another symbol than elsewhere, or is only here a symbol: "μ=muPhi", "σ=sigmaPhi".

import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import type {MarkdownIt} from "./markdownIt.js";
import {meaningClass, symbolEntry, symbols} from "./symbols.js";

hljs.registerLanguage("typescript", typescript);

/** Identifier in the code → name of a symbol. */
export type IdentifierLinks = ReadonlyMap<string, string>;

/**
 * The declaration of a top-level name, with the comment right above it. Throws if the file has no such name.
 * Relies on the project's formatting: a declaration ends with the first later line that is not indented.
 */
export function excerpt(source: string, name: string): string {
  const lines = source.split("\n");
  const declares = new RegExp(`^(export )?(async )?(function\\*?|const|class|interface|type|enum) ${name}\\b`);
  const first = lines.findIndex((line) => declares.test(line));
  if (first < 0) throw new Error(`excerpt: expected a top-level ${name}, got none`);
  let from = first;
  while (from > 0 && /^(\/\/|\/\*\*| \*)/.test(lines[from - 1]!)) --from;
  let to = first;
  if (!/;\s*$/.test(lines[first]!)) {
    // A line that closes and opens again, such as "): Result {", is no end.
    do ++to;
    while (to < lines.length && (/^(\s|$)/.test(lines[to]!) || /[{([]\s*$/.test(lines[to]!)));
  }
  return lines.slice(from, to + 1).join("\n");
}

/** The links that hold in every excerpt, and those that the words after the file's name add ("x", "y=relaxed"). */
export function identifierLinks(words: readonly string[] = []): IdentifierLinks {
  const links = new Map<string, string>();
  for (const [name, entry] of Object.entries(symbols)) {
    for (const identifier of "identifiers" in entry ? entry.identifiers : []) links.set(identifier, name);
  }
  for (const word of words) {
    const [identifier = "", name = identifier] = word.split("=");
    if (!symbolEntry(name)) throw new Error(`identifierLinks: expected a symbol's name, got "${name}"`);
    links.set(identifier, name);
  }
  return links;
}

/** Highlighted TypeScript as HTML, identifiers (and τ, β, … in comments) marked with their symbols. */
export function highlight(code: string, links: IdentifierLinks): string {
  // A comment on lines of its own is prose, and may wrap; one behind code stays there.
  const html = hljs
    .highlight(code, {language: "typescript"})
    .value.replace(/^( *<span class="hljs-comment)">/gm, '$1 prose">');
  const open: string[] = [];
  return html.replace(/<span class="([^"]*)">|<\/span>|[^<]+/g, (part, classes?: string) => {
    if (classes !== undefined) open.push(classes);
    else if (part === "</span>") open.pop();
    else if (open.some((name) => name.includes("string"))) return part;
    else if (open.some((name) => name.includes("comment"))) return markLetters(part, links);
    else return markIdentifiers(part, links);
    return part;
  });
}

function markIdentifiers(text: string, links: IdentifierLinks): string {
  // Not the names of entities such as &lt; and not properties' keys in quotes, which are strings.
  return text.replace(/&\w+;|[A-Za-z_$][\w$]*/g, (word) => {
    const name = links.get(word);
    return name ? mark(name, word) : word;
  });
}

const letters: ReadonlyMap<string, string> = new Map(
  Object.entries(symbols)
    .filter(([, {plain}]) => /[^\x20-\x7e]/.test(plain))
    .map(([name, {plain}]) => [plain, name])
);

const everywhere = /^([qp]_[φθψ]|x̂|[τβℓμ])$/u;

function markLetters(text: string, links: IdentifierLinks): string {
  return text.replace(/[qp]_[φθψ]|x̂|[\p{Script=Greek}ℓ]/gu, (letter) => {
    const name = links.get(letter) ?? (everywhere.test(letter) ? letters.get(letter) : undefined);
    return name ? mark(name, letter) : letter;
  });
}

function mark(name: string, text: string): string {
  const colour = meaningClass(name);
  return `<span${colour ? ` class="${colour}"` : ""} data-symbol="${name}">${text}</span>`;
}

/** HTML of the excerpt that a fence names; read gives a file's text by its path in the repository. */
export function renderSource(info: string, read: (path: string) => string): string {
  const [, target = "", ...words] = info.trim().split(/\s+/);
  const [path, name] = target.split("#");
  if (!path || !name) throw new Error(`renderSource: expected "source path#name", got "${info}"`);
  const code = highlight(excerpt(read(path), name), identifierLinks(words));
  return `<figure class="source"><pre data-copy="none"><code>${code}</code></pre>
<figcaption>${name}, in <code>${path}</code></figcaption></figure>
`;
}

/** The markdown-it plugin: fences that begin with "source". */
export function sourcePlugin(md: MarkdownIt, read: (path: string) => string): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const info = tokens[index]!.info;
    return /^source\s/.test(info) ? renderSource(info, read) : fence(tokens, index, ...rest);
  };
}
