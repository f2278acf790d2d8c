// Colours of the style sheet for canvases.

/** A CSS custom property, registered as a colour, as [r, g, b]. */
export function colourOf(node: Element, property: string): [number, number, number] {
  const text = getComputedStyle(node).getPropertyValue(property);
  const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [];
  const scale = text.startsWith("color(srgb") ? 255 : 1;
  const [r = 90, g = 90, b = 90] = numbers.map((n) => n * scale);
  return [r, g, b];
}

/** Calls `draw` when light turns to dark or back: what stands on a canvas keeps its colours otherwise. */
export function onScheme(draw: () => void): void {
  if (typeof matchMedia === "function") {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  }
  new MutationObserver(draw).observe(document.documentElement, {attributeFilter: ["data-theme"]});
}
