// Vector transcendental functions on four float32 lanes, after the Cephes library's single-precision ones (S. Moshier):
// reduce the range, then a polynomial. Errors of 1 to 2 units in the last place.

/** a·b + c; rounded once where the module may use fused instructions (relaxed SIMD), which is a quarter faster. */
// @ts-ignore: decorator
@inline
export function madd4(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

const LOG2E: f32 = 1.44269504088896341;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Below this e^x is 0 here: soon it would be no normal number, and a processor takes a hundred times as long for those. */
const EXP_MIN: f32 = -87;
/** The same for numbers that are summed with 1: well above EXP_MIN, since they are divided by the sum. */
const EXP_LEAST_SHARE: f32 = -80;
/** Above this 2^n has no number of its own: infinite here, 0.4 before the true end. */
const EXP_MAX: f32 = 88.3762589;

/** e^x for x within the two limits, or NaN. */
// @ts-ignore: decorator
@inline
function expWithin4(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2E)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(1.9875691500e-4);
  p = madd4(p, r, f32x4.splat(1.3981999507e-3));
  p = madd4(p, r, f32x4.splat(8.3334519073e-3));
  p = madd4(p, r, f32x4.splat(4.1665795894e-2));
  p = madd4(p, r, f32x4.splat(1.6666665459e-1));
  p = madd4(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.mul(f32x4.mul(p, r), r), f32x4.add(r, f32x4.splat(1)));
  // n + 1.5·2²³ holds the integer n in its low bits; NaN goes on through p.
  const bits = f32x4.add(n, f32x4.splat(12582912 + 127));
  return f32x4.mul(p, i32x4.shl(bits, 23));
}

/** e^x; 0 below −87, infinite above 88.4, NaN for NaN. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(EXP_MIN)), f32x4.splat(EXP_MAX));
  const p = v128.andnot(expWithin4(clamped), f32x4.lt(x, f32x4.splat(EXP_MIN)));
  return v128.bitselect(f32x4.splat(Infinity), p, f32x4.gt(x, f32x4.splat(EXP_MAX)));
}

/** e^x for x ≤ 0 or NaN, where some other x of the same sum is 0; 0 below −80. */
// @ts-ignore: decorator
@inline
export function expNegative4(x: v128): v128 {
  const p = expWithin4(f32x4.pmax(x, f32x4.splat(EXP_LEAST_SHARE)));
  return v128.andnot(p, f32x4.lt(x, f32x4.splat(EXP_LEAST_SHARE)));
}

/** ln x; −infinite at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // Numbers below the normal ones are scaled up first.
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  let e = i32x4.sub(i32x4.shr_u(scaled, 23), i32x4.splat(126));
  e = i32x4.sub(e, v128.and(tiny, i32x4.splat(23)));
  // m in [½, 1)
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = i32x4.add(e, low); // true is −1
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), f32x4.splat(1));
  const z = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = madd4(p, m, f32x4.splat(-1.1514610310e-1));
  p = madd4(p, m, f32x4.splat(1.1676998740e-1));
  p = madd4(p, m, f32x4.splat(-1.2420140846e-1));
  p = madd4(p, m, f32x4.splat(1.4249322787e-1));
  p = madd4(p, m, f32x4.splat(-1.6668057665e-1));
  p = madd4(p, m, f32x4.splat(2.0000714765e-1));
  p = madd4(p, m, f32x4.splat(-2.4999993993e-1));
  p = madd4(p, m, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  const n = f32x4.convert_i32x4_s(e);
  p = f32x4.add(p, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  p = f32x4.sub(p, f32x4.mul(z, f32x4.splat(0.5)));
  p = f32x4.add(m, p);
  p = f32x4.add(p, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  p = v128.bitselect(x, p, f32x4.eq(x, f32x4.splat(Infinity)));
  p = v128.bitselect(f32x4.splat(-Infinity), p, f32x4.eq(x, f32x4.splat(0)));
  // Below zero, or no number at all: NaN.
  return v128.bitselect(p, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
}

/** 1 / (1 + e^−x); never quite 0. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  const clamped = f32x4.pmin(f32x4.pmax(f32x4.neg(x), f32x4.splat(-87)), f32x4.splat(87));
  return f32x4.div(one, f32x4.add(one, expWithin4(clamped)));
}

/** The sum of the lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** The largest lane. */
// @ts-ignore: decorator
@inline
export function maxLanes(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3))
  );
}
