// What the figures take from Framework's standard library.
declare module "observablehq:stdlib" {
  interface SiteAttachment {
    arrayBuffer(): Promise<ArrayBuffer>;
    json(): Promise<unknown>;
  }
  /** The name must be a literal: Framework finds the file when it builds. */
  export function FileAttachment(name: string): SiteAttachment;
}
