const PART_START = /\n(?=## )/;

/** A page with this part, which begins with its heading of the second level, in place of the one of that heading or at the end. */
export function withPart(page: string, part: string): string {
  const [top = '', ...parts] = page.split(PART_START);
  const heading = headingOf(part);
  const at = parts.findIndex((each) => headingOf(each) === heading);
  const written = at === -1 ? [...parts, part] : parts.with(at, part);
  return joined(top, written);
}

/** A new page with the parts of the page that was there: each part is of a benchmark of its own. */
export function keepingParts(newPage: string, oldPage: string): string {
  return joined(newPage, oldPage.split(PART_START).slice(1));
}

function joined(top: string, parts: readonly string[]): string {
  return `${[top, ...parts].map((each) => each.trimEnd()).join('\n\n')}\n`;
}

function headingOf(part: string): string {
  return part.split('\n', 1)[0] ?? '';
}
