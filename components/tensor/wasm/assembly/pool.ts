// 2×2 windows at stride 2 over NHWC: x [n, 2h, 2w, c], y [n, h, w, c]; rows is n·h.

import {loadLanes, storeLanes} from "./lanes";

/** y = the largest of each window. */
export function maxPool2(x: usize, rows: i32, w: i32, c: i32, y: usize): void {
  const pixel = <usize>c << 2;
  const line = (<usize>w << 1) * pixel;
  for (let r = 0; r < rows; ++r) {
    for (let u = 0; u < w; ++u) {
      for (let i = 0; i < c; i += 4) {
        const p = x + (<usize>i << 2);
        const m = c - i;
        const top = f32x4.max(loadLanes(p, m), loadLanes(p + pixel, m));
        const low = f32x4.max(loadLanes(p + line, m), loadLanes(p + line + pixel, m));
        storeLanes(y + (<usize>i << 2), f32x4.max(top, low), m);
      }
      x += 2 * pixel;
      y += pixel;
    }
    x += line;
  }
}

/** dx = dy at the first largest of each window, row by row, else 0. */
export function maxPool2Gradient(x: usize, dy: usize, rows: i32, w: i32, c: i32, dx: usize): void {
  const pixel = <usize>c << 2;
  const line = (<usize>w << 1) * pixel;
  for (let r = 0; r < rows; ++r) {
    for (let u = 0; u < w; ++u) {
      for (let i = 0; i < c; i += 4) {
        const p = x + (<usize>i << 2);
        const q = dx + (<usize>i << 2);
        const m = c - i;
        const a = loadLanes(p, m);
        const b = loadLanes(p + pixel, m);
        const d = loadLanes(p + line, m);
        const e = loadLanes(p + line + pixel, m);
        const largest = f32x4.max(f32x4.max(a, b), f32x4.max(d, e));
        let g = loadLanes(dy + (<usize>i << 2), m);
        let here = f32x4.eq(a, largest);
        storeLanes(q, v128.and(g, here), m);
        g = v128.andnot(g, here);
        here = f32x4.eq(b, largest);
        storeLanes(q + pixel, v128.and(g, here), m);
        g = v128.andnot(g, here);
        here = f32x4.eq(d, largest);
        storeLanes(q + line, v128.and(g, here), m);
        storeLanes(q + line + pixel, v128.andnot(g, here), m);
      }
      x += 2 * pixel;
      dx += 2 * pixel;
      dy += pixel;
    }
    x += line;
    dx += line;
  }
}

/** y = scale · the sum of each window. */
export function sumPool2(x: usize, rows: i32, w: i32, c: i32, scale: f32, y: usize): void {
  const pixel = <usize>c << 2;
  const line = (<usize>w << 1) * pixel;
  const factor = f32x4.splat(scale);
  for (let r = 0; r < rows; ++r) {
    for (let u = 0; u < w; ++u) {
      for (let i = 0; i < c; i += 4) {
        const p = x + (<usize>i << 2);
        const m = c - i;
        const top = f32x4.add(loadLanes(p, m), loadLanes(p + pixel, m));
        const low = f32x4.add(loadLanes(p + line, m), loadLanes(p + line + pixel, m));
        storeLanes(y + (<usize>i << 2), f32x4.mul(f32x4.add(top, low), factor), m);
      }
      x += 2 * pixel;
      y += pixel;
    }
    x += line;
  }
}

/** x = each of y's pixels four times. */
export function upsample2(y: usize, rows: i32, w: i32, c: i32, x: usize): void {
  const pixel = <usize>c << 2;
  const line = (<usize>w << 1) * pixel;
  for (let r = 0; r < rows; ++r) {
    const top = x;
    for (let u = 0; u < w; ++u) {
      for (let i = 0; i < c; i += 4) {
        const v = loadLanes(y + (<usize>i << 2), c - i);
        storeLanes(x + (<usize>i << 2), v, c - i);
        storeLanes(x + pixel + (<usize>i << 2), v, c - i);
      }
      y += pixel;
      x += 2 * pixel;
    }
    memory.copy(x, top, line);
    x += line;
  }
}
