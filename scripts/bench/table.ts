// Medians with their ranges, as cells of Markdown tables.

/** "52.1 (50.9–55.0)": the median, from the least to the most. */
export function written(all: readonly number[]): string {
  const sorted = [...all].sort((a, b) => a - b);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  return `${digits(medianOf(sorted))} (${digits(least)}–${digits(most)})`;
}

/** A peer's times, and with others the ratio to theirs, taken round by round. */
export function cell(times: readonly number[], others: readonly number[] | null): string {
  if (others === null) return written(times);
  return `${written(times)}, × ${written(times.map((time, round) => time / others[round]!))}`;
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A table's head, its first column to the left and the others to the right. */
export function head(names: readonly string[]): string {
  return `${row(names)}\n| --- |${" ---: |".repeat(names.length - 1)}`;
}

function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
