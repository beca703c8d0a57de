import { lineAt, visit } from './parse.ts';
import { isSource, isTest, type Rule, type TreeFile, type Violation } from './tree.ts';

/** What makes a certificate worth nothing: whoever is in between then reads and writes along. */
const SWITCHES: ReadonlyMap<string, string> = new Map([
  ['rejectUnauthorized', 'takes any certificate'],
  ['checkServerIdentity', 'takes the certificate of somebody else'],
]);
/** Built from halves so that this file does not report itself. */
const VARIABLE = `NODE_TLS_${'REJECT'}_UNAUTHORIZED`;

/** Nobody looks away from a certificate: not the product, not its tests, not for a moment. */
export const certificates: Rule = (tree) =>
  tree
    .filter((file) => isSource(file.path))
    .flatMap((file) => [...switchedOff(file), ...(isTest(file.path) ? [] : sslModes(file))]);

function switchedOff(file: TreeFile): Violation[] {
  const found: Violation[] = [];
  const report = (start: number, message: string) =>
    found.push({ path: file.path, line: lineAt(file, start), message });
  visit(file, {
    Property: (node) => {
      const { key } = node;
      const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
      const message = SWITCHES.get(name);
      if (message === undefined) return;
      const isOn = node.value.type === 'Literal' && node.value.value === true;
      if (!isOn) report(node.start, `${name}: ${message}`);
    },
    Identifier: (node) => node.name === VARIABLE && report(node.start, `${VARIABLE}: takes any certificate`),
    Literal: (node) => node.value === VARIABLE && report(node.start, `${VARIABLE}: takes any certificate`),
  });
  return found;
}

/** Modes of libpq that look at no certificate, or not at its name. */
const WEAK_MODE = /sslmode=(no-verify|allow|prefer|require|verify-ca)\b/;

function sslModes(file: TreeFile): Violation[] {
  return file.text.split('\n').flatMap((text, index) => {
    const match = WEAK_MODE.exec(text);
    return match
      ? [{ path: file.path, line: index + 1, message: `${match[0]}: only verify-full looks at the name` }]
      : [];
  });
}
