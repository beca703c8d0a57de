/** The width of a piece of text in some font, in points. */
export type WidthOf = (text: string) => number;

/**
 * Breaks a text into lines that fit a width: at spaces, and within a word only when the word alone is too wide. Widths
 * are added up character by character, so that a table of thousands of rows is set quickly; kerning only makes a line
 * narrower than that. A text of nothing has no lines.
 */
export function wrapText(text: string, width: number, widthOf: WidthOf): string[] {
  const lines: string[] = [];
  let line = '';
  let lineWidth = 0;
  const endLine = (): void => {
    if (line !== '') lines.push(line.trimEnd());
    line = '';
    lineWidth = 0;
  };
  for (const word of text.trim().split(/(?<=\s)(?=\S)/u)) {
    const wordWidth = sumOf(word.trimEnd(), widthOf);
    if (line !== '' && lineWidth + wordWidth > width) endLine();
    for (const character of word) {
      const characterWidth = widthOf(character);
      // A space at the end of a line takes no room.
      if (character.trim() !== '' && line !== '' && lineWidth + characterWidth > width) endLine();
      line += character;
      lineWidth += characterWidth;
    }
  }
  endLine();
  return lines.filter((shown) => shown !== '');
}

function sumOf(text: string, widthOf: WidthOf): number {
  let sum = 0;
  for (const character of text) sum += widthOf(character);
  return sum;
}
