/** The line that generated pages begin with, below their title. */
export const GENERATED = 'Written by `npm run generate` from the code; what is changed here by hand is lost.';

/** A table of Markdown. Cells may hold Markdown of their own; a `|` in them is escaped. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A page: paragraphs, headings and tables with an empty line between them. */
export function page(...blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}
