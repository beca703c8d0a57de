/** The dark modules of a code as one SVG path: a bar for each run of them in a row. */
export function darkPath(rows: readonly (readonly boolean[])[]): string {
  return rows.map(barsOfRow).join('');
}

function barsOfRow(row: readonly boolean[], y: number): string {
  let bars = '';
  for (let x = 0; x < row.length; x += 1) {
    const start = x;
    while (row[x] === true) x += 1;
    if (x > start) bars += `M${start} ${y}h${x - start}v1h-${x - start}z`;
  }
  return bars;
}
