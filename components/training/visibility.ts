// Training only what is looked at: a figure off screen rests, and in a hidden tab it does as the reader chose.

export interface GateOptions {
  /** Called when training may run or must rest; never twice the same in a row. */
  run(): void;
  rest(): void;
  /** Whether training goes on while the tab is hidden. */
  goesOnHidden(): boolean;
}

export interface Gate {
  /** What the reader asked for by Train and Pause; it runs only while it is also seen. */
  want(training: boolean): void;
  /** Looks again, after the reader's choice for hidden tabs has changed. */
  update(): void;
  dispose(): void;
}

/** Watches the element, within half a screen of the window. dispose() rests and watches no more. */
export function visibilityGate(element: Element, {run, rest, goesOnHidden}: GateOptions): Gate {
  const page = element.ownerDocument;
  let wanted = false;
  let seen = false;
  let running = false;

  function update(): void {
    const should = wanted && (page.visibilityState === "hidden" ? running && goesOnHidden() : seen);
    if (should === running) return;
    running = should;
    if (running) run();
    else rest();
  }

  const observer = new IntersectionObserver(
    (entries) => {
      // In a hidden tab nothing intersects; what counts is what was seen before.
      if (page.visibilityState === "hidden") return;
      seen = entries.at(-1)?.isIntersecting ?? seen;
      update();
    },
    {rootMargin: "50% 0px"}
  );
  observer.observe(element);
  page.addEventListener("visibilitychange", update);

  return {
    want(training) {
      wanted = training;
      update();
    },
    update,
    dispose() {
      observer.disconnect();
      page.removeEventListener("visibilitychange", update);
      wanted = false;
      update();
    }
  };
}
