// Standard Gumbel numbers, bit for bit as data/random.ts draws them: Threefry-2x32 with 20 rounds, then −ln(−ln u) in
// float64, by operations that IEEE 754 rounds exactly.

const KEY_PARITY: i32 = 0x1bd11bda;

// @ts-ignore: decorator
@inline
function rotate4(x: v128, r: i32): v128 {
  return v128.or(i32x4.shl(x, r), i32x4.shr_u(x, 32 - r));
}

/** portableLog of data/random.ts for normal x > 0. */
// @ts-ignore: decorator
@inline
function log2(x: v128): v128 {
  const high = i64x2.shr_u(x, 52);
  let e = f64x2.convert_low_i32x4_s(i32x4.sub(v128.shuffle<i32>(high, high, 0, 2, 0, 2), i32x4.splat(1023)));
  let m = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const large = f64x2.gt(m, f64x2.splat(Math.SQRT2));
  m = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, large);
  e = f64x2.add(e, v128.and(large, f64x2.splat(1)));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const q = f64x2.mul(s, s);
  let sum = f64x2.splat(1.0 / 21.0);
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 19.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 17.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 15.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 13.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 11.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 9.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 7.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 5.0));
  sum = f64x2.add(f64x2.mul(sum, q), f64x2.splat(1.0 / 3.0));
  sum = f64x2.add(f64x2.mul(sum, q), one);
  return f64x2.add(f64x2.mul(e, f64x2.splat(Math.LN2)), f64x2.mul(f64x2.mul(f64x2.splat(2), s), sum));
}

/** The lower two lanes, unsigned, as uniform numbers, as Gumbel numbers in the lower two lanes. */
// @ts-ignore: decorator
@inline
function gumbel2(bits: v128): v128 {
  const u = f64x2.mul(f64x2.add(f64x2.convert_low_i32x4_u(bits), f64x2.splat(0.5)), f64x2.splat(1.0 / 4294967296.0));
  return f32x4.demote_f64x2_zero(f64x2.neg(log2(f64x2.neg(log2(u)))));
}

/** Fills out with the numbers of blocks counter, counter + 1, …; n is a multiple of 8. */
export function gumbel(k0: i32, k1: i32, counter: i32, n: i32, out: usize): void {
  const k2 = k0 ^ k1 ^ KEY_PARITY;
  for (let i = 0; i < n; i += 8) {
    let x0 = i32x4.splat(counter + (i >> 1) + k0);
    x0 = i32x4.add(x0, i32x4(0, 1, 2, 3));
    let x1 = i32x4.splat(k1);
    for (let group = 1; group <= 5; ++group) {
      if (group & 1) {
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 13), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 15), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 26), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 6), x0);
      } else {
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 17), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 29), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 16), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotate4(x1, 24), x0);
      }
      const first = group % 3;
      x0 = i32x4.add(x0, i32x4.splat(first == 0 ? k0 : first == 1 ? k1 : k2));
      x1 = i32x4.add(x1, i32x4.splat((first == 0 ? k1 : first == 1 ? k2 : k0) + group));
    }
    // A block's first number is x0, its second x1.
    const low = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
    const high = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    v128.store_lane<u64>(out, gumbel2(low), 0);
    v128.store_lane<u64>(out, gumbel2(v128.shuffle<i32>(low, low, 2, 3, 2, 3)), 0, 8);
    v128.store_lane<u64>(out, gumbel2(high), 0, 16);
    v128.store_lane<u64>(out, gumbel2(v128.shuffle<i32>(high, high, 2, 3, 2, 3)), 0, 24);
    out += 32;
  }
}
