// Products of small dense matrices, row by row in one array. Sums are taken in double precision, results are float32.

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** rows · columns numbers, row-major. */
  readonly data: Float32Array;
}

export function matrix(rows: number, columns: number, data: Float32Array = new Float32Array(rows * columns)): Matrix {
  if (data.length !== rows * columns) {
    throw new Error(`matrix: expected ${rows} × ${columns} = ${rows * columns} numbers, got ${data.length}`);
  }
  return {rows, columns, data};
}

/** A B: (m × n)(n × r). */
export function times(a: Matrix, b: Matrix): Matrix {
  const {rows: m, columns: n} = a;
  const r = b.columns;
  if (b.rows !== n) throw new Error(`times: expected ${n} rows on the right, got ${b.rows}`);
  const [x, y] = [a.data, b.data];
  const out = matrix(m, r);
  const sums = new Float64Array(r);
  for (let i = 0; i < m; ++i) {
    sums.fill(0);
    let k = 0;
    for (; k + 3 < n; k += 4) {
      // Four rows of B at once: a sum is fetched and put back a quarter as often.
      const from = k * r;
      const at = i * n + k;
      const [a0, a1, a2, a3] = [x[at]!, x[at + 1]!, x[at + 2]!, x[at + 3]!];
      for (let j = 0; j < r; ++j) {
        const f = from + j;
        sums[j]! += a0 * y[f]! + a1 * y[f + r]! + a2 * y[f + 2 * r]! + a3 * y[f + 3 * r]!;
      }
    }
    for (; k < n; ++k) {
      for (let j = 0; j < r; ++j) sums[j]! += x[i * n + k]! * y[k * r + j]!;
    }
    out.data.set(sums, i * r);
  }
  return out;
}

/** Aᵀ B: (m × n)ᵀ(m × r). */
export function transposedTimes(a: Matrix, b: Matrix): Matrix {
  const {rows: m, columns: n} = a;
  const r = b.columns;
  if (b.rows !== m) throw new Error(`transposedTimes: expected ${m} rows on the right, got ${b.rows}`);
  const [x, y] = [a.data, b.data];
  const sums = new Float64Array(n * r);
  let i = 0;
  for (; i + 3 < m; i += 4) {
    const from = i * r;
    for (let k = 0; k < n; ++k) {
      const at = i * n + k;
      const to = k * r;
      const [a0, a1, a2, a3] = [x[at]!, x[at + n]!, x[at + 2 * n]!, x[at + 3 * n]!];
      for (let j = 0; j < r; ++j) {
        const f = from + j;
        sums[to + j]! += a0 * y[f]! + a1 * y[f + r]! + a2 * y[f + 2 * r]! + a3 * y[f + 3 * r]!;
      }
    }
  }
  for (; i < m; ++i) {
    for (let k = 0; k < n; ++k) {
      for (let j = 0; j < r; ++j) sums[k * r + j]! += x[i * n + k]! * y[i * r + j]!;
    }
  }
  return matrix(n, r, Float32Array.from(sums));
}

/** A Bᵀ: (m × r)(n × r)ᵀ. */
export function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const {rows: m, columns: r} = a;
  const n = b.rows;
  if (b.columns !== r) throw new Error(`timesTransposed: expected ${r} columns on the right, got ${b.columns}`);
  const [x, y] = [a.data, b.data];
  const out = matrix(m, n);
  for (let i = 0; i < m; ++i) {
    for (let k = 0; k < n; ++k) {
      let sum = 0;
      for (let j = 0; j < r; ++j) sum += x[i * r + j]! * y[k * r + j]!;
      out.data[i * n + k] = sum;
    }
  }
  return out;
}

/** The sum of all squares: the energy of a matrix. */
export function energy({data}: Pick<Matrix, "data">): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum;
}
