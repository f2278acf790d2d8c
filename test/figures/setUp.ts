// What jsdom lacks for figures: observers (here everything is on screen), canvases that can be drawn on.

import {installCanvas} from "../charts/dom.js";

type Listener = (entries: {isIntersecting: boolean}[]) => void;

const watched = new Set<{listener: Listener; element: Element}>();

/** Gives the test's document what figures need; all that is observed counts as on screen until `scroll` says otherwise. */
export function installBrowser(): void {
  installCanvas();
  class Observer {
    readonly #listener: Listener;
    constructor(listener: Listener) {
      this.#listener = listener;
    }
    observe(element: Element): void {
      watched.add({listener: this.#listener, element});
      queueMicrotask(() => this.#listener([{isIntersecting: true}]));
    }
    disconnect(): void {
      for (const one of watched) if (one.listener === this.#listener) watched.delete(one);
    }
  }
  globalThis.IntersectionObserver = Observer as unknown as typeof IntersectionObserver;
}

/** Brings everything that is watched on screen, or takes it off. */
export function scroll(onScreen: boolean): void {
  for (const {listener} of [...watched]) listener([{isIntersecting: onScreen}]);
}

/** Waits until the condition holds; fails with its last complaint after many turns. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 2000; ++i) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`until: expected ${what}`);
}

export function press(root: Element, text: string): void {
  const found = [...root.querySelectorAll("button")].find((button) => button.textContent === text);
  if (found === undefined) throw new Error(`press: expected a button “${text}”`);
  found.click();
}

/** Types into the figure's caption box and presses Enter. */
export function draw(root: Element, caption: string): void {
  const form = root.querySelector("form")!;
  const input = form.querySelector("input")!;
  input.value = caption;
  input.dispatchEvent(new Event("input", {bubbles: true}));
  form.dispatchEvent(new Event("submit", {bubbles: true, cancelable: true}));
}

/** The codes that the cells of the first token grid say they hold; −1 where none. */
export function codesOf(root: Element): number[] {
  const cells = root.querySelectorAll('[aria-label="Image tokens"] [role=gridcell]');
  return [...cells].map((cell) => Number(/code (\d+)/.exec(cell.getAttribute("aria-label")!)?.[1] ?? -1));
}
