import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { wrapText } from './text-wrap.ts';

// Typesetting: A4 pages, one typeface in two weights, and the few marks a printed statement is made of. All places are
// in points from the top left corner.

export const PAGE = { width: 595.28, height: 841.89, left: 42, right: 553.28, top: 40, bottom: 800 } as const;

const require = createRequire(import.meta.url);
/** DejaVu Sans covers Latin, Greek, Cyrillic, Armenian, Georgian and more; any other letter is shown as a box. */
const FONTS = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
} as const;

export interface Style {
  readonly font: keyof typeof FONTS;
  readonly size: number;
  readonly color: string;
}

export interface Sheet {
  newPage(): void;
  /** One line that begins at `x`, with its top at `y`. */
  text(text: string, x: number, y: number, style: Style): void;
  /** One line that ends at `x`, set smaller when it would be wider than `width`. */
  textRight(text: string, x: number, y: number, width: number, style: Style): void;
  /** The lines a text takes in a column. */
  wrap(text: string, width: number, style: Style): string[];
  rule(x: number, y: number, width: number, color: string): void;
  box(x: number, y: number, width: number, height: number, color: string): void;
  /** The whole document; nothing can be added any more. */
  finish(): Promise<Uint8Array>;
}

export interface SheetInfo {
  readonly title: string;
  readonly author: string;
  /** Creation date and id of the file come from here alone, so the same contents always make the same bytes. */
  readonly createdAt: Date;
}

/** The smallest that can be read; the widest amount there is needs more than this in its column. */
const SIZE_MIN = 4.5;

/** Lines of these letters and nothing but marks are shaped whole, from right to left; others word by word, which is quick. */
const RIGHT_TO_LEFT_ONLY =
  /^(?=.*[\p{Script=Hebrew}\p{Script=Arabic}])[\p{Script=Hebrew}\p{Script=Arabic}\p{P}\p{M}\s]+$/u;

export function openSheet({ title, author, createdAt }: SheetInfo): Sheet {
  const document = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: { Title: title, Author: author, Creator: author, CreationDate: createdAt, ModDate: createdAt },
  });
  for (const [name, path] of Object.entries(FONTS)) document.registerFont(name, path);
  const pieces: Uint8Array[] = [];
  document.on('data', (piece: Uint8Array) => pieces.push(piece));
  const ended = new Promise<void>((resolve) => document.on('end', resolve));
  /** Of one point, so that it serves every size. */
  const widths = { regular: new Map<string, number>(), bold: new Map<string, number>() };

  const use = ({ font, size, color }: Style) => document.font(font).fontSize(size).fillColor(color);
  const put = (text: string, x: number, y: number, style: Style) => {
    const isWhole = RIGHT_TO_LEFT_ONLY.test(text);
    use(style).text(text, x, y, { lineBreak: false, ...(isWhole ? { features: [] } : {}) });
  };
  const widthOf = (character: string, font: Style['font']): number => {
    const known = widths[font].get(character);
    if (known !== undefined) return known;
    const width = document.font(font).fontSize(1).widthOfString(character);
    widths[font].set(character, width);
    return width;
  };
  const lineWidth = (text: string, font: Style['font']): number => {
    let sum = 0;
    for (const character of text) sum += widthOf(character, font);
    return sum;
  };

  return {
    newPage: () => void document.addPage(),
    text: put,
    textRight(text, x, y, width, style) {
      const unit = lineWidth(text, style.font);
      const size = Math.max(SIZE_MIN, Math.min(style.size, width / unit));
      // A smaller line stands on the same ground as its neighbours.
      put(text, x - unit * size, y + (style.size - size) * 0.9, { ...style, size });
    },
    wrap: (text, width, { font, size }) => wrapText(text, width / size, (character) => widthOf(character, font)),
    rule: (x, y, width, color) => void document.rect(x, y, width, 0.5).fill(color),
    box: (x, y, width, height, color) => void document.roundedRect(x, y, width, height, 3).fill(color),
    async finish() {
      document.end();
      await ended;
      return Buffer.concat(pieces);
    },
  };
}
