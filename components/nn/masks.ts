// The attention masks of the prior (section 2.2, appendix B.1, figure 11). Image position n = row · width + column, in
// raster order; a query never sees a later key. Text: causal. Every image position sees every text position.

export type ImagePattern = "row" | "column" | "convolution" | "dense";

/**
 * Whether image query n may attend to image key m, on a grid of this width:
 * - row: the width + 1 keys from the one right above (n − width) to n itself, across row ends;
 * - column: m ≡ n modulo the width;
 * - convolution: the causal half of a kernel × kernel window, wrapping round at row ends like the row pattern;
 * - dense: every m ≤ n.
 */
export function attendsImage(pattern: ImagePattern, n: number, m: number, width: number, kernel: number): boolean {
  if (m < 0 || m > n) return false;
  if (pattern === "dense") return true;
  if (pattern === "row") return n - m <= width;
  if (pattern === "column") return (n - m) % width === 0;
  const half = (kernel - 1) / 2;
  for (let up = 0; up <= half; ++up) {
    const offset = n - m - up * width; // > 0: to the left in that row
    if (offset >= -half && offset <= half) return true;
  }
  return false;
}

/**
 * Which pattern layer i of n uses, i from 1: the convolution in the last, column where (i − 2) mod 4 = 0, else row:
 * row, column, row, row, row, column, … (appendix B.1).
 */
export function layerPattern(layer: number, layers: number): ImagePattern {
  if (layer < 1 || layer > layers) throw new Error(`layerPattern: expected a layer from 1 to ${layers}, got ${layer}`);
  if (layer === layers) return "convolution";
  return (layer + 2) % 4 === 0 ? "column" : "row";
}

/** How a pattern may be written in a run's settings. */
const patternNames: Readonly<Record<string, ImagePattern>> = {
  row: "row",
  column: "column",
  conv: "convolution",
  convolution: "convolution",
  full: "dense",
  dense: "dense"
};

/**
 * The pattern of each layer as a setting words it: "paper" for the paper's rule; else names in order, begun again when
 * there are more layers than names: "row,column,row,conv", "full".
 */
export function layerPatterns(setting: string, layers: number): ImagePattern[] {
  if (setting === "paper") return Array.from({length: layers}, (_, i) => layerPattern(i + 1, layers));
  const names = setting.split(",").map((name) => name.trim());
  return Array.from({length: layers}, (_, i) => {
    const name = names[i % names.length]!;
    const found = Object.hasOwn(patternNames, name) ? patternNames[name] : undefined;
    if (found === undefined) {
      throw new Error(`layerPatterns: expected paper, or row, column, conv, full in a list, got "${setting}"`);
    }
    return found;
  });
}

/** Whether query position q may attend to key position k of a sequence of text then image positions. */
export function attends(
  pattern: ImagePattern,
  q: number,
  k: number,
  text: number,
  width: number,
  kernel: number
): boolean {
  if (k > q) return false;
  if (q < text || k < text) return true; // causal text; all text for an image position
  return attendsImage(pattern, q - text, k - text, width, kernel);
}

/** What is added to attention scores: 0 where allowed, −10⁹ elsewhere. [length × length], row-major. */
export function maskBias(
  pattern: ImagePattern,
  length: number,
  text: number,
  width: number,
  kernel: number
): Float32Array {
  const bias = new Float32Array(length * length);
  for (let q = 0; q < length; ++q) {
    for (let k = 0; k < length; ++k) {
      if (!attends(pattern, q, k, text, width, kernel)) bias[q * length + k] = -1e9;
    }
  }
  return bias;
}
