// What this project uses of markdown-it, which comes with Framework and brings no types.

export interface Token {
  content: string;
  info: string;
  block: boolean;
  map: [number, number] | null;
  children: Token[] | null;
}

interface InlineState {
  readonly src: string;
  readonly posMax: number;
  pos: number;
  push(type: string, tag: string, nesting: -1 | 0 | 1): Token;
}

interface BlockState {
  readonly src: string;
  /** Where each line begins, ends, and how far it is indented. */
  readonly bMarks: number[];
  readonly eMarks: number[];
  readonly tShift: number[];
  line: number;
  push(type: string, tag: string, nesting: -1 | 0 | 1): Token;
}

export type InlineRule = (state: InlineState, silent: boolean) => boolean;
export type BlockRule = (state: BlockState, startLine: number, endLine: number, silent: boolean) => boolean;
export type RenderRule = (tokens: Token[], index: number, ...rest: unknown[]) => string;

interface Ruler<Rule> {
  before(name: string, newName: string, rule: Rule, options?: {alt: string[]}): void;
}

export interface MarkdownIt {
  readonly inline: {readonly ruler: Ruler<InlineRule>};
  readonly block: {readonly ruler: Ruler<BlockRule>};
  readonly renderer: {readonly rules: Record<string, RenderRule | undefined>};
}
