// Which queries of a masked sequence are worked on together. It changes the speed, nothing else.

import {attends, type ImagePattern} from "./masks.js";

/** Reading a key for a group costs about as much as so many pairs of a query and a key (measured on WASM). */
const costOfKey = 8;
const runs = [1, 2, 4, 8, 16, 32, 64];

/**
 * All queries in groups that see much the same keys: the text, then the grid's columns or runs of image positions,
 * whatever reads the fewest keys and makes the fewest pairs.
 */
export function maskGroups(
  pattern: ImagePattern,
  length: number,
  text: number,
  width: number,
  kernel: number
): number[][] {
  const positions = Array.from({length}, (_, i) => i);
  const image = positions.slice(text);
  const seen = positions.map((q) =>
    positions.slice(0, q + 1).filter((k) => attends(pattern, q, k, text, width, kernel))
  );
  const columns = Array.from({length: width}, (_, column) => image.filter((q) => (q - text) % width === column));
  const candidates = [...runs.map((run) => chunks(image, run)), columns.filter((column) => column.length > 0)];
  const cost = (groups: readonly number[][]): number =>
    groups.reduce((sum, group) => {
      const keys = new Set(group.flatMap((q) => seen[q]!));
      return sum + (group.length + costOfKey) * keys.size;
    }, 0);
  const costs = candidates.map(cost);
  const best = candidates[costs.indexOf(Math.min(...costs))]!;
  return text > 0 ? [positions.slice(0, text), ...best] : best;
}

function chunks(list: readonly number[], size: number): number[][] {
  return Array.from({length: Math.ceil(list.length / size)}, (_, i) => list.slice(i * size, (i + 1) * size));
}
