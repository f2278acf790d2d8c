// Elements without a framework.

export type Child = Node | string | null | undefined;
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * An element with attributes and children. null, undefined and false leave an attribute out; true sets it empty, or to
 * "true" where its name begins with aria-.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/** Sets or removes attributes by the same rules as `element`. */
export function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
}

/** Adds members to a node, getters and setters as such. */
export function extend<N extends Element, Members extends object>(node: N, members: Members): N & Members {
  Object.defineProperties(node, Object.getOwnPropertyDescriptors(members));
  return node as N & Members;
}

let made = 0;

/** An id that no other element of the page has, for labels and descriptions. */
export function uniqueId(prefix: string): string {
  made += 1;
  return `${prefix}-${made}`;
}

/** Tells listeners that the element's value has changed, as a form control does. */
export function changed(node: HTMLElement, type: "input" | "change" = "input"): void {
  node.dispatchEvent(new Event(type, {bubbles: true}));
}
