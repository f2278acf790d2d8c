// A small float64 reference in plain TypeScript, written for clarity: loops over coordinates, no tfjs.

export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function array64(shape: readonly number[], values: ArrayLike<number>): Array64 {
  if (size(shape) !== values.length) throw new Error(`array64: expected ${size(shape)} values, got ${values.length}`);
  return {shape, data: Float64Array.from(values)};
}

export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Builds an array from a function of the coordinates. */
export function generate(shape: readonly number[], f: (at: number[]) => number): Array64 {
  const data = new Float64Array(size(shape));
  const at: number[] = shape.map(() => 0);
  for (let i = 0; i < data.length; ++i) {
    data[i] = f(at);
    for (let axis = shape.length - 1; axis >= 0; --axis) {
      at[axis]! += 1;
      if (at[axis]! < shape[axis]!) break;
      at[axis] = 0;
    }
  }
  return {shape, data};
}

/** The element at these coordinates; axes of size 1 and missing leading axes broadcast. */
export function get(a: Array64, at: readonly number[]): number {
  let index = 0;
  const offset = at.length - a.shape.length;
  for (let i = 0; i < a.shape.length; ++i) {
    const n = a.shape[i]!;
    index = index * n + (n === 1 ? 0 : at[offset + i]!);
  }
  return a.data[index]!;
}

export function map(a: Array64, f: (x: number) => number): Array64 {
  return {shape: a.shape, data: a.data.map(f)};
}

export function broadcastShape(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({length: rank}, (_, i) => Math.max(...shapes.map((shape) => shape[i - rank + shape.length] ?? 1)));
}

export function zip(a: Array64, b: Array64, f: (x: number, y: number) => number): Array64 {
  return generate(broadcastShape(a.shape, b.shape), (at) => f(get(a, at), get(b, at)));
}

export const add = (a: Array64, b: Array64): Array64 => zip(a, b, (x, y) => x + y);
export const sub = (a: Array64, b: Array64): Array64 => zip(a, b, (x, y) => x - y);
export const mul = (a: Array64, b: Array64): Array64 => zip(a, b, (x, y) => x * y);
export const scale = (a: Array64, factor: number): Array64 => map(a, (x) => x * factor);

/** Folds the axes (all if not given) by f from `from`. */
export function reduce(
  a: Array64,
  axes: readonly number[] | null,
  keep: boolean,
  from: number,
  f: (acc: number, x: number) => number
): Array64 {
  const folded = new Set((axes ?? a.shape.map((_, i) => i)).map((axis) => (axis + a.shape.length) % a.shape.length));
  const kept = a.shape.map((n, i) => (folded.has(i) ? 1 : n));
  const data = new Float64Array(size(kept)).fill(from);
  generate(a.shape, (at) => {
    const index = kept.reduce((acc, n, i) => acc * n + (n === 1 ? 0 : at[i]!), 0);
    data[index] = f(data[index]!, get(a, at));
    return 0;
  });
  return {shape: keep ? kept : a.shape.filter((_, i) => !folded.has(i)), data};
}

export const sum = (a: Array64, axes: readonly number[] | null = null, keep = false): Array64 =>
  reduce(a, axes, keep, 0, (x, y) => x + y);
export const max = (a: Array64, axes: readonly number[] | null = null, keep = false): Array64 =>
  reduce(a, axes, keep, -Infinity, Math.max);
export function mean(a: Array64, axes: readonly number[] | null = null, keep = false): Array64 {
  const total = sum(a, axes, keep);
  return scale(total, total.data.length / a.data.length);
}

export function reshape(a: Array64, shape: readonly number[]): Array64 {
  return array64(shape, a.data);
}

export function transpose(a: Array64, perm: readonly number[]): Array64 {
  return generate(
    perm.map((axis) => a.shape[axis]!),
    (at) =>
      get(
        a,
        perm.map((_, axis) => at[perm.indexOf(axis)]!)
      )
  );
}

export function concat(arrays: readonly Array64[], axis: number): Array64 {
  const shape = [...arrays[0]!.shape];
  shape[axis] = arrays.reduce((n, a) => n + a.shape[axis]!, 0);
  return generate(shape, (at) => {
    const inner = [...at];
    let which = 0;
    while (inner[axis]! >= arrays[which]!.shape[axis]!) inner[axis]! -= arrays[which++]!.shape[axis]!;
    return get(arrays[which]!, inner);
  });
}

export function slice(a: Array64, begin: readonly number[], shape: readonly number[]): Array64 {
  return generate(shape, (at) =>
    get(
      a,
      at.map((i, axis) => i + begin[axis]!)
    )
  );
}

export function pad(a: Array64, paddings: readonly (readonly [number, number])[], value = 0): Array64 {
  return generate(
    a.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]),
    (at) => {
      const inner = at.map((i, axis) => i - paddings[axis]![0]);
      return inner.every((i, axis) => i >= 0 && i < a.shape[axis]!) ? get(a, inner) : value;
    }
  );
}

export function tile(a: Array64, reps: readonly number[]): Array64 {
  return generate(
    a.shape.map((n, i) => n * reps[i]!),
    (at) =>
      get(
        a,
        at.map((i, axis) => i % a.shape[axis]!)
      )
  );
}

/** The slices of a along axis named by ids of any shape. */
export function gather(a: Array64, ids: Array64, axis: number): Array64 {
  const rank = ids.shape.length;
  return generate([...a.shape.slice(0, axis), ...ids.shape, ...a.shape.slice(axis + 1)], (at) =>
    get(a, [...at.slice(0, axis), get(ids, at.slice(axis, axis + rank)), ...at.slice(axis + rank)])
  );
}

/** a·b over the last two axes; the others broadcast. */
export function matMul(a: Array64, b: Array64, transposeA = false, transposeB = false): Array64 {
  const flip = (at: number[], yes: boolean): number[] =>
    yes ? [...at.slice(0, -2), at[at.length - 1]!, at[at.length - 2]!] : at;
  const left = flip([...a.shape], transposeA);
  const right = flip([...b.shape], transposeB);
  const inner = left[left.length - 1]!;
  const shape = [...broadcastShape(left.slice(0, -2), right.slice(0, -2)), left.at(-2)!, right.at(-1)!];
  return generate(shape, (at) => {
    const batch = at.slice(0, -2);
    let total = 0;
    for (let k = 0; k < inner; ++k) {
      total +=
        get(a, flip([...batch, at.at(-2)!, k], transposeA)) * get(b, flip([...batch, k, at.at(-1)!], transposeB));
    }
    return total;
  });
}
