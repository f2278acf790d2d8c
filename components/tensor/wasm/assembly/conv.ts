// Convolutions over NHWC with dilation 1. The image is copied once into a frame of zeros; then a window's row is
// kernelWidth·channels contiguous numbers, and the whole window kernelHeight such runs: no im2col matrix is needed.

import {columnsByWidth, gemmColumns, gemmRows, rowsByWidth} from "./gemm";
import {packColumnsPanel, packRows, panelBytes} from "./pack";

/** Rows of the frame touched between two visits of a filter-gradient tile are kept to about this many bytes. */
const BAND_BYTES: i32 = 24 * 1024;

/** Copies image[h × w × c] into frame[hp × wp × c] at (top, left). The border must be zero already. */
function intoFrame(image: usize, h: i32, w: i32, c: i32, frame: usize, wp: i32, top: i32, left: i32): void {
  const row = (<usize>(w * c)) << 2;
  for (let y = 0; y < h; ++y) {
    memory.copy(frame + ((<usize>(((y + top) * wp + left) * c)) << 2), image + <usize>y * row, row);
  }
}

/**
 * y[n, oh, ow, oc] = x[n, h, w, c] ∗ filter[kh, kw, c, oc] + bias[oc] (0: none) with stride (sh, sw) and padding at the top, left, bottom and
 * right. scratch: panels of kh·kw·c × oc (rounded up to 8), then the frame of (h + top + bottom)·(w + left + right)·c.
 */
export function convForward(
  x: usize,
  filter: usize,
  y: usize,
  batch: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  oh: i32,
  ow: i32,
  oc: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  hp: i32,
  wp: i32,
  bias: usize,
  scratch: usize
): void {
  const k = kh * kw * c;
  packRows(filter, (<usize>oc) << 2, k, oc, scratch);
  convolve(x, y, batch, h, w, c, kh, kw, oh, ow, oc, sh, sw, top, left, hp, wp, bias, scratch);
}

/**
 * dx[n, h, w, c] from dy[n, oh, ow, oc] for stride 1: the convolution of dy with the filter turned by half a turn and
 * its channels exchanged. top, left, hp, wp describe dy's frame. scratch: panels of kh·kw·oc × c, then the frame.
 */
export function convInputGradient(
  dy: usize,
  filter: usize,
  dx: usize,
  batch: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  oh: i32,
  ow: i32,
  oc: i32,
  top: i32,
  left: i32,
  hp: i32,
  wp: i32,
  scratch: usize
): void {
  const k = kh * kw * oc;
  let panel = scratch;
  for (let j = 0; j < c; j += 8) {
    for (let tap = 0; tap < kh * kw; ++tap) {
      const from = filter + <usize>((kh * kw - 1 - tap) * c + j) * ((<usize>oc) << 2);
      packColumnsPanel(from, (<usize>oc) << 2, oc, c - j, panel + panelBytes(tap * oc));
    }
    panel += panelBytes(k);
  }
  convolve(dy, dx, batch, oh, ow, oc, kh, kw, h, w, c, 1, 1, top, left, hp, wp, 0, scratch);
}

/** The common part: scratch holds the packed filter, then room for the frame. */
function convolve(
  x: usize,
  y: usize,
  batch: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  oh: i32,
  ow: i32,
  oc: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  hp: i32,
  wp: i32,
  bias: usize,
  scratch: usize
): void {
  const k = kh * kw * c;
  const panel = panelBytes(k);
  const ldy = (<usize>oc) << 2;
  const pixel = (<usize>c) << 2;
  if (kh == 1 && kw == 1 && sh == 1 && sw == 1 && hp == h && wp == w) {
    gemmRows(x, pixel, scratch, 32, panel, y, ldy, batch * h * w, oc, c, bias);
    return;
  }
  const panels = (oc + 7) >> 3;
  const frame = scratch + <usize>panels * panel;
  const framed = hp != h || wp != w;
  if (framed) memory.fill(frame, 0, <usize>(hp * wp) * pixel);
  const image = <usize>(h * w) * pixel;
  const row = <usize>wp * pixel;
  const step = <usize>sw * pixel;
  for (let n = 0; n < batch; ++n) {
    const from = x + <usize>n * image;
    if (framed) intoFrame(from, h, w, c, frame, wp, top, left);
    const source = framed ? frame : from;
    const out = y + <usize>(n * oh * ow) * ldy;
    for (let j = 0; j < panels; ++j) {
      const weights = scratch + <usize>j * panel;
      for (let v = 0; v < oh; ++v) {
        rowsByWidth(
          source + <usize>(v * sh) * row,
          step,
          ow,
          kw * c,
          kh,
          row,
          weights,
          32,
          out + <usize>(v * ow) * ldy + (<usize>j << 5),
          ldy,
          oc - (j << 3),
          bias ? bias + (<usize>j << 5) : 0
        );
      }
    }
  }
}

/**
 * dfilter[kh, kw, c, oc] = Σ over images and places of x's window times dy. Arguments as in convForward; scratch: the
 * frame alone.
 */
export function convFilterGradient(
  x: usize,
  dy: usize,
  dfilter: usize,
  batch: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  oh: i32,
  ow: i32,
  oc: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  hp: i32,
  wp: i32,
  scratch: usize
): void {
  const ldy = (<usize>oc) << 2;
  const pixel = (<usize>c) << 2;
  if (kh == 1 && kw == 1 && sh == 1 && sw == 1 && hp == h && wp == w) {
    gemmColumns(x, pixel, dy, ldy, 32, dfilter, ldy, c, oc, batch * h * w, false);
    return;
  }
  memory.fill(dfilter, 0, <usize>(kh * kw * c) * ldy);
  const framed = hp != h || wp != w;
  if (framed) memory.fill(scratch, 0, <usize>(hp * wp) * pixel);
  const image = <usize>(h * w) * pixel;
  const row = <usize>wp * pixel;
  const step = <usize>sw * pixel;
  const window = kw * c;
  const rowBytes = <i32>row * sh + ow * <i32>ldy;
  const band = max<i32>(1, BAND_BYTES / rowBytes);
  for (let n = 0; n < batch; ++n) {
    const from = x + <usize>n * image;
    if (framed) intoFrame(from, h, w, c, scratch, wp, top, left);
    const source = framed ? scratch : from;
    const grad = dy + <usize>(n * oh * ow) * ldy;
    for (let v = 0; v < oh; v += band) {
      const rows = min<i32>(band, oh - v);
      for (let t = 0; t < kh; ++t) {
        const lines = source + <usize>(v * sh + t) * row;
        for (let j = 0; j < oc; j += 8) {
          columnsByWidth(
            lines,
            step,
            row * <usize>sh,
            grad + <usize>(v * ow) * ldy + (<usize>j << 2),
            ldy,
            <usize>ow * ldy,
            ow,
            rows,
            dfilter + <usize>(t * window) * ldy + (<usize>j << 2),
            ldy,
            window,
            oc - j,
            true
          );
        }
      }
    }
  }
}
