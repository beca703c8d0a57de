/**
 * How many typing errors lie between two texts: a letter added, missing, wrong, or two neighbours exchanged
 * (Damerau-Levenshtein in its restricted form, "optimal string alignment"). Counts to `max`; beyond it, `max + 1`.
 */
export function typingErrors(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let errors = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1));
      const isExchanged = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isExchanged) errors = Math.min(errors, at(beforeLast, column - 2) + 1);
      current.push(errors);
    }
    beforeLast = last;
    last = current;
  }
  return Math.min(at(last, b.length), max + 1);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
