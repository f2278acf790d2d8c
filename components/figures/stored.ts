// Real results that come with the page, shown until the live ones arrive.

import type {ArrayPayload} from "../training/protocol.js";
import {type Drawing, type DrawSettings, emptyDrawing} from "./drawing.js";

/** Bytes as JSON can carry them. */
export interface StoredBytes {
  readonly shape: readonly number[];
  readonly base64: string;
}

export interface StoredDrawing {
  readonly settings: DrawSettings;
  readonly grid: number;
  /** [candidates · grid · grid] */
  readonly tokens: readonly number[];
  readonly images: StoredBytes;
  readonly nearest?: {
    readonly images: StoredBytes;
    readonly captions: readonly string[];
    readonly distances: readonly number[];
  };
}

export interface StoredResults {
  readonly drawings: readonly StoredDrawing[];
  /** What each code looks like, for each size that occurs. */
  readonly patches: Readonly<Record<string, StoredBytes>>;
}

export function decodeBytes({shape, base64}: StoredBytes): ArrayPayload {
  const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const expected = shape.reduce((a, b) => a * b, 1);
  if (data.length !== expected) {
    throw new Error(`decodeBytes: expected ${expected} bytes for shape [${shape.join(", ")}], got ${data.length}`);
  }
  return {shape, data};
}

/** For the script that makes the stored results. */
export function encodeBytes({shape, data}: ArrayPayload): StoredBytes {
  return {shape, base64: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""))};
}

/** A finished drawing without its distributions, which would be too large to store. */
export function storedDrawing(stored: StoredDrawing): Drawing {
  const {images, distances, captions} = stored.nearest ?? {};
  const drawing = emptyDrawing(stored.settings, stored.grid);
  drawing.tokens.set(stored.tokens);
  return {
    ...drawing,
    drawn: stored.grid * stored.grid,
    images: decodeBytes(stored.images),
    imagesDrawn: stored.grid * stored.grid,
    nearest: images && captions && distances ? {images: decodeBytes(images), captions, distances} : null,
    stored: true
  };
}
