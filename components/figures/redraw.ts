// Drawing without getting in the way: once a frame at most, only what is on screen, and not for too long at a time.

/** Milliseconds after which a drawing that comes in parts goes on in the next frame. */
const budget = 12;

/**
 * Calls `draw` in the next animation frame in which the element is on screen, however often it is asked. A generator
 * function draws in parts, one up to each `yield`: what does not fit into a frame is left for the next ones.
 */
export function redrawer(element: Element, draw: () => undefined | void | Iterator<void>): () => void {
  let dirty = false;
  let visible = typeof IntersectionObserver === "undefined";
  let frame = 0;
  let parts: Iterator<void> | null = null; // of a drawing that is begun and not done
  function schedule(): void {
    if ((!dirty && parts === null) || !visible || frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      drawUntil(performance.now() + budget);
      schedule();
    });
  }
  function drawUntil(time: number): void {
    if (parts === null) {
      dirty = false;
      parts = draw() ?? null;
    }
    while (parts !== null) {
      if (parts.next().done) parts = null;
      else if (performance.now() > time) return;
    }
  }
  onVisibility(element, (now) => {
    visible = now;
    schedule();
  });
  // On paper everything is seen; there is no frame to wait for.
  addEventListener("beforeprint", () => {
    if (!element.isConnected) return;
    while (dirty || parts !== null) drawUntil(Infinity);
  });
  return () => {
    dirty = true;
    schedule();
  };
}

/** A test whether any of the values is another than in the call before; true at first. For what is costly to draw. */
export function changes(): (...values: readonly unknown[]) => boolean {
  let before: readonly unknown[] = [];
  return (...values) => {
    const same = values.length === before.length && values.every((value, i) => value === before[i]);
    before = values;
    return !same;
  };
}

/** Tells when the element comes on screen, or within `margin` of it, and when it leaves. */
export function onVisibility(element: Element, listener: (visible: boolean) => void, margin = "0px"): () => void {
  if (typeof IntersectionObserver === "undefined") {
    listener(true);
    return () => {};
  }
  const observer = new IntersectionObserver(
    (entries) => listener(entries[entries.length - 1]?.isIntersecting ?? false),
    {rootMargin: margin}
  );
  observer.observe(element);
  return () => observer.disconnect();
}

/** Resolves when the element is about to be seen: within two screens of the window. */
export function nearScreen(element: Element): Promise<void> {
  return new Promise((resolve) => {
    const stop = onVisibility(
      element,
      (near) => {
        if (!near) return;
        resolve();
        queueMicrotask(() => stop());
      },
      "200% 0px"
    );
  });
}

/** Calls `action` once, `wait` ms after the last of a run of calls. */
export function debounced(action: () => void, wait: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}
