import { inflateSync } from 'node:zlib';

/** A line of text on a page, with its left end in points from the top left corner. */
export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

interface PdfObject {
  readonly head: string;
  readonly body: string;
}

const PAGE_HEIGHT = 841.89;

/**
 * Reads back the texts of a PDF as pdfkit writes them: every object on its own, streams deflated, glyphs turned into
 * text by the table that each font carries (ISO 32000-1, 9.10.3). One list a page.
 */
export function readPdf(bytes: Uint8Array): PdfText[][] {
  const objects = objectsOf(Buffer.from(bytes).toString('latin1'));
  const at = (reference: string | undefined) => objects.get(reference ?? '') ?? { head: '', body: '' };
  return [...objects.values()]
    .filter(({ head }) => /\/Type \/Page\b/.test(head))
    .map(({ head }) => {
      const resources = at(/\/Resources (\d+) 0 R/.exec(head)?.[1]).head;
      const fonts = new Map<string, Map<string, string>>();
      for (const [, name = '', id] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
        fonts.set(name, glyphsOf(at(/\/ToUnicode (\d+) 0 R/.exec(at(id).head)?.[1]).body));
      }
      return textsOf(at(/\/Contents (\d+) 0 R/.exec(head)?.[1]).body, fonts);
    });
}

function objectsOf(file: string): Map<string, PdfObject> {
  const objects = new Map<string, PdfObject>();
  for (const [, id = '', content = ''] of file.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const start = content.indexOf('stream\n');
    const head = start < 0 ? content : content.slice(0, start);
    const stream = Buffer.from(content.slice(start + 'stream\n'.length, content.lastIndexOf('\nendstream')), 'latin1');
    const isDeflated = head.includes('/FlateDecode');
    objects.set(id, { head, body: start < 0 ? '' : (isDeflated ? inflateSync(stream) : stream).toString('latin1') });
  }
  return objects;
}

function glyphsOf(table: string): Map<string, string> {
  const glyphs = new Map<string, string>();
  for (const [, from = '', list = ''] of table.matchAll(/<(\w{4})> <\w{4}> \[(.*?)\]/gs)) {
    for (const [index, [, code = '']] of [...list.matchAll(/<([\w ]*)>/g)].entries()) {
      const glyph = (Number.parseInt(from, 16) + index).toString(16).padStart(4, '0');
      const units = code.match(/\w{4}/g) ?? [];
      glyphs.set(glyph, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    }
  }
  return glyphs;
}

function textsOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): PdfText[] {
  const shown = /1 0 0 1 ([\d.-]+) ([\d.-]+) Tm\n\/(F\d+) ([\d.]+) Tf\n\[(.*?)\] TJ/gs;
  return [...content.matchAll(shown)].map(([, x, y, font = '', size, pieces = '']) => ({
    x: Number(x),
    y: PAGE_HEIGHT - Number(y),
    size: Number(size),
    text: [...pieces.matchAll(/<(\w+)>/g)]
      .flatMap(([, hex = '']) => hex.match(/\w{4}/g) ?? [])
      .map((glyph) => fonts.get(font)?.get(glyph) ?? '')
      .join(''),
  }));
}
