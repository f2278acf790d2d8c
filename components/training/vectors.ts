// Sums and means of long vectors, element by element. Plain loops: `map` and `reduce` take several times as long here,
// and each step of a shared run waits for them.

/** A new vector; all have the same length. Empty if there are none. */
export function sumOf(all: readonly Float32Array[]): Float32Array {
  return weighted(all, 1);
}

/** A new vector; all have the same length. Empty if there are none. */
export function meanOf(all: readonly Float32Array[]): Float32Array {
  return weighted(all, 1 / Math.max(1, all.length));
}

function weighted(all: readonly Float32Array[], weight: number): Float32Array {
  const [first = new Float32Array(0), second, ...others] = all;
  if (second === undefined) return new Float32Array(first);
  const out = new Float32Array(first.length);
  if (others.length === 0) {
    for (let i = 0; i < out.length; ++i) out[i] = weight * (first[i]! + second[i]!);
    return out;
  }
  for (let i = 0; i < out.length; ++i) {
    let total = first[i]! + second[i]!;
    for (const other of others) total += other[i]!;
    out[i] = weight * total;
  }
  return out;
}
