/** Solves a small system in place (Gauss and Jordan); nothing where it has no single solution. */
export function solved(matrix: number[][], right: number[]): number[] | undefined {
  const n = right.length;
  for (let column = 0; column < n; ++column) {
    let pivot = column;
    for (let row = column + 1; row < n; ++row)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    if (Math.abs(matrix[pivot]![column]!) < 1e-12) return undefined;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let row = 0; row < n; ++row) {
      if (row === column) continue;
      const share = matrix[row]![column]! / matrix[column]![column]!;
      for (let at = column; at < n; ++at) matrix[row]![at]! -= share * matrix[column]![at]!;
      right[row]! -= share * right[column]!;
    }
  }
  return right.map((value, at) => value / matrix[at]![at]!);
}

/** The upper of the two in the middle; 0 of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
