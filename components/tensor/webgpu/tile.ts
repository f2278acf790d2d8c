// Four by four numbers that one invocation adds up, in WGSL: sum0 … sum3, a row each.

export const four = [0, 1, 2, 3] as const;

/** Declares them: the bias of their columns (`columns` holds four places), or 0. */
export function startTile(columns: string, bias: boolean): string {
  const first = bias ? `vec4(${four.map((j) => `bias[${columns}[${j}]]`).join(", ")})` : "vec4<f32>()";
  return four.map((i) => `var sum${i} = ${first};`).join("\n");
}

/** Writes them to y, a matrix of so many rows and columns, from this place on, as far as it goes. */
export function writeTile(row: string, rows: string, column: string, columns: string): string {
  return four
    .map(
      (i) => `if (${row} + ${i} < ${rows}) {
        let at = (${row} + ${i}) * ${columns} + ${column};
        ${four.map((j) => `if (${column} + ${j} < ${columns}) { y[at + ${j}] = sum${i}[${j}]; }`).join("\n")}
      }`
    )
    .join("\n");
}
