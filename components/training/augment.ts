// Changed images for CLIP: views for learning on images alone, whose features are asked to forget what a view changes,
// and copies that are spoiled.

import type {Stream} from "../../data/random.js";
import type {ArrayPayload} from "./protocol.js";

/** Largest shift, as a share of the side; change of brightness, as a factor; noise of a value, of 255. */
const shiftShare = 1 / 8;
const brightness = 0.2;
const noise = 8;

/** Each image shifted (its edge repeated), lightened or darkened, with some noise. images: uint8 [n, H, W, 3]. */
export function changedView({shape, data}: ArrayPayload, stream: Stream): ArrayPayload {
  const [n = 0, height = 0, width = 0] = shape;
  const size = height * width * 3;
  const changed = new Uint8Array(data.length);
  const grain = new Float32Array(size);
  for (let i = 0; i < n; ++i) {
    const draws = stream.child(i);
    const most = Math.round(height * shiftShare);
    const [down, right] = [draws.int(2 * most + 1) - most, draws.int(2 * most + 1) - most];
    const light = 1 + brightness * (2 * draws.uniform() - 1);
    draws.fillNormal(grain);
    for (let y = 0; y < height; ++y) {
      const fromY = Math.min(height - 1, Math.max(0, y - down));
      for (let x = 0; x < width; ++x) {
        const fromX = Math.min(width - 1, Math.max(0, x - right));
        const [to, from] = [(y * width + x) * 3, i * size + (fromY * width + fromX) * 3];
        for (let c = 0; c < 3; ++c) {
          const value = data[from + c]! * light + noise * grain[to + c]!;
          changed[i * size + to + c] = Math.max(0, Math.min(255, Math.round(value)));
        }
      }
    }
  }
  return {shape, data: changed};
}

/** Of a spoiled copy's patches, so many come from another image. */
const spoiledShare = 0.3;

/** Each image with some patches of the next one in them, at their places: uint8 [n, H, W, 3]. */
export function spoiledCopies({shape, data}: ArrayPayload, patch: number, stream: Stream): ArrayPayload {
  const [n = 0, height = 0, width = 0] = shape;
  const size = height * width * 3;
  const copies = Uint8Array.from(data);
  for (let i = 0; i < n; ++i) {
    const draws = stream.child(i);
    const other = ((i + 1) % n) * size;
    for (let y = 0; y < height; y += patch) {
      for (let x = 0; x < width; x += patch) {
        if (!draws.chance(spoiledShare)) continue;
        for (let row = y; row < y + patch; ++row) {
          const from = (row * width + x) * 3;
          copies.set(data.subarray(other + from, other + from + patch * 3), i * size + from);
        }
      }
    }
  }
  return {shape, data: copies};
}
