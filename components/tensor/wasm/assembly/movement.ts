// Copies of blocks, and the two directions of an embedding.

import {loadLanes, storeLanes} from "./lanes";

/** Copies bytes (a multiple of 4); short runs without a call. */
// @ts-ignore: decorator
@inline
function copyRun(from: usize, to: usize, bytes: usize): void {
  if (bytes >= 512) {
    memory.copy(to, from, bytes);
    return;
  }
  const end = from + (bytes & ~15);
  while (from < end) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  if (bytes & 8) {
    store<u64>(to, load<u64>(from));
    from += 8;
    to += 8;
  }
  if (bytes & 4) store<u32>(to, load<u32>(from));
}

/** Copies n0 × n1 × n2 runs of bytes; the strides, in bytes, are those of the source (s) and the target (t). */
export function copyBlocks(
  from: usize,
  to: usize,
  n0: i32,
  s0: usize,
  t0: usize,
  n1: i32,
  s1: usize,
  t1: usize,
  n2: i32,
  s2: usize,
  t2: usize,
  bytes: usize
): void {
  for (let i = 0; i < n0; ++i) {
    for (let j = 0; j < n1; ++j) {
      let p = from + <usize>i * s0 + <usize>j * s1;
      let q = to + <usize>i * t0 + <usize>j * t1;
      for (let k = 0; k < n2; ++k) {
        copyRun(p, q, bytes);
        p += s2;
        q += t2;
      }
    }
  }
}

/** out[i] = table[ids[i]], rows of bytes. ids: int32, in range. */
export function gatherRows(table: usize, ids: usize, count: i32, bytes: usize, out: usize): void {
  for (let i = 0; i < count; ++i) {
    copyRun(table + <usize>load<i32>(ids) * bytes, out, bytes);
    ids += 4;
    out += bytes;
  }
}

/** out[segments × n], out[ids[i]] += x[i]; ids outside the range are dropped. */
export function segmentSums(x: usize, ids: usize, count: i32, n: i32, segments: i32, out: usize): void {
  const bytes = <usize>n << 2;
  memory.fill(out, 0, <usize>segments * bytes);
  for (let i = 0; i < count; ++i) {
    const id = load<i32>(ids);
    if (id >= 0 && id < segments) {
      const row = out + <usize>id * bytes;
      let j = 0;
      for (; j + 4 <= n; j += 4) {
        const o = <usize>j << 2;
        v128.store(row + o, f32x4.add(v128.load(row + o), v128.load(x + o)));
      }
      if (j < n) {
        const o = <usize>j << 2;
        storeLanes(row + o, f32x4.add(loadLanes(row + o, n - j), loadLanes(x + o, n - j)), n - j);
      }
    }
    ids += 4;
    x += bytes;
  }
}
