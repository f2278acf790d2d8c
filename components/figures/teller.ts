// The line in which a figure speaks to its reader.

import {element} from "../charts/dom.js";
import {sentence} from "./drawer.js";

export interface Teller {
  readonly node: HTMLElement;
  /** Says this in place of what was said; a problem looks like one. */
  tell(text: string, problem?: boolean): void;
  /** Says what went wrong. */
  fail(error: unknown): void;
}

/** A line with these first words, announced to screen readers when it changes. */
export function teller(words = ""): Teller {
  const node = element("p", {class: "message", role: "status"}, words);
  const tell = (text: string, problem = false) => {
    node.textContent = text;
    node.classList.toggle("problem", problem);
  };
  return {node, tell, fail: (error) => tell(sentence(error), true)};
}
