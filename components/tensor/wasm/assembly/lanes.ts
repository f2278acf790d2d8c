// Loads and stores of fewer than four numbers.

/** Stores the first n (1 … 4) lanes of v. */
// @ts-ignore: decorator
@inline
export function storeLanes(p: usize, v: v128, n: i32): void {
  if (n >= 4) {
    v128.store(p, v);
  } else if (n == 3) {
    v128.store_lane<u64>(p, v, 0);
    v128.store_lane<u32>(p, v, 2, 8);
  } else if (n == 2) {
    v128.store_lane<u64>(p, v, 0);
  } else {
    v128.store_lane<u32>(p, v, 0);
  }
}

/** Loads the first n (1 … 4) lanes; the rest are zero. */
// @ts-ignore: decorator
@inline
export function loadLanes(p: usize, n: i32): v128 {
  if (n >= 4) return v128.load(p);
  let v = v128.load_zero<u32>(p);
  if (n > 1) v = v128.load_lane<u32>(p, v, 1, 4);
  if (n > 2) v = v128.load_lane<u32>(p, v, 2, 8);
  return v;
}
