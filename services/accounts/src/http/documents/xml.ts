import { cut, printable } from './printable.ts';

/** An element with what is inside it, which is XML already. */
export function element(name: string, ...inner: readonly string[]): string {
  return `<${name}>${inner.join('')}</${name}>`;
}

/** An element with text in it, or nothing when the text is empty: ISO 20022 knows no empty text. */
export function textElement(name: string, text: string | null, lengthMax: number): string {
  const shown = cut(printable(text ?? ''), lengthMax);
  return shown === '' ? '' : element(name, escapeXml(shown));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that mean something to XML; those it forbids (XML 1.0, section 2.2) `printable` has taken out. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
