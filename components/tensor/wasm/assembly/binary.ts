// a ∘ b element by element, b with a's shape or smaller.

import {loadLanes, storeLanes} from "./lanes";

const ADD: i32 = 0;
const SUB: i32 = 1;
const MUL: i32 = 2;
const DIV: i32 = 3;
const SUB_FROM: i32 = 4;

/** The operation's number is a constant where this is inlined. */
// @ts-ignore: decorator
@inline
function apply4(op: i32, a: v128, b: v128): v128 {
  if (op == ADD) return f32x4.add(a, b);
  if (op == SUB) return f32x4.sub(a, b);
  if (op == MUL) return f32x4.mul(a, b);
  if (op == DIV) return f32x4.div(a, b);
  if (op == SUB_FROM) return f32x4.sub(b, a);
  return f32x4.div(b, a);
}

// @ts-ignore: decorator
@inline
function same(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    v128.store(out + o, apply4(op, v128.load(a + o), v128.load(b + o)));
  }
  if (i < n) {
    const o = <usize>i << 2;
    storeLanes(out + o, apply4(op, loadLanes(a + o, n - i), loadLanes(b + o, n - i)), n - i);
  }
}

// @ts-ignore: decorator
@inline
function scalar(op: i32, a: usize, b: v128, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    v128.store(out + o, apply4(op, v128.load(a + o), b));
  }
  if (i < n) {
    const o = <usize>i << 2;
    storeLanes(out + o, apply4(op, loadLanes(a + o, n - i), b), n - i);
  }
}

// @ts-ignore: decorator
@inline
function anyMode(op: i32, mode: i32, a: usize, b: usize, rows: i32, n: i32, out: usize): void {
  const step = <usize>n << 2;
  if (mode == 0) {
    same(op, a, b, rows * n, out);
  } else if (mode == 1) {
    for (let r = 0; r < rows; ++r) {
      same(op, a, b, n, out);
      a += step;
      out += step;
    }
  } else {
    for (let r = 0; r < rows; ++r) {
      scalar(op, a, v128.load_splat<f32>(b), n, out);
      a += step;
      out += step;
      b += 4;
    }
  }
}

/**
 * out[rows × n] = a ∘ b. op: 0 a + b, 1 a − b, 2 a·b, 3 a / b, 4 b − a, 5 b / a. mode: 0, b is [rows × n]; 1, b is [n]
 * and the same for each row; 2, b is [rows] and the same along a row.
 */
export function binary(op: i32, mode: i32, a: usize, b: usize, rows: i32, n: i32, out: usize): void {
  if (op == ADD) anyMode(ADD, mode, a, b, rows, n, out);
  else if (op == SUB) anyMode(SUB, mode, a, b, rows, n, out);
  else if (op == MUL) anyMode(MUL, mode, a, b, rows, n, out);
  else if (op == DIV) anyMode(DIV, mode, a, b, rows, n, out);
  else if (op == SUB_FROM) anyMode(SUB_FROM, mode, a, b, rows, n, out);
  else anyMode(5, mode, a, b, rows, n, out);
}
