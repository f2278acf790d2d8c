// The frame that every figure of the chapters has: its name for a screen reader, and the button that enlarges it.

import {type Child, element} from "../charts/dom.js";
import {enlargeButton} from "../notebook/fullscreen.js";

export interface FigureOptions {
  /** Its class, for the style sheet. */
  readonly kind: string;
  /** Its accessible name. */
  readonly label: string;
}

/** A figure element with these parts. */
export function figure({kind, label}: FigureOptions, ...parts: readonly Child[]): HTMLElement {
  const node = element("figure", {class: `figure ${kind}`, "aria-label": label}, ...parts);
  node.prepend(enlargeButton(node));
  return node;
}
