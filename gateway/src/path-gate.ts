const PERCENT = 0x25;
const SLASH = 0x2f;
const DOT = 0x2e;
const QUESTION_MARK = 0x3f;

/** What no path of ours holds, whoever unescapes it: backslash, semicolon (path parameters) and fragment. */
const REFUSED_CHARACTERS: ReadonlySet<number> = new Set([0x5c, 0x3b, 0x23]);

/**
 * Escapes that would mean another path to whoever unescapes once more than we do: slash, backslash, dot, semicolon,
 * percent, question mark, hash, DEL. Control characters are refused by their range.
 */
const REFUSED_ESCAPES: ReadonlySet<number> = new Set([0x2f, 0x5c, 0x2e, 0x3b, 0x25, 0x3f, 0x23, 0x7f]);

/**
 * Whether the path of a request target can be understood in only one way, so that the gateway and the service behind
 * it see the same one. Refused: an absolute or empty target, `//`, dot segments, backslash, semicolon, raw characters
 * outside visible ASCII, ill-formed escapes, and the escapes above. The query is not looked at.
 */
export function isPlainPath(target: string): boolean {
  if (target.charCodeAt(0) !== SLASH) return false;
  const { length } = target;
  for (let index = 1; index < length; index += 1) {
    const code = target.charCodeAt(index);
    if (code === QUESTION_MARK) return true;
    if (code <= 0x20 || code >= 0x7f || REFUSED_CHARACTERS.has(code)) return false;
    const startsSegment = target.charCodeAt(index - 1) === SLASH;
    if (startsSegment && (code === SLASH || (code === DOT && isDotSegment(target, index)))) return false;
    if (code === PERCENT && !isHarmlessEscape(target, index)) return false;
  }
  return true;
}

function isDotSegment(target: string, start: number): boolean {
  const after = target.charCodeAt(start + 1) === DOT ? start + 2 : start + 1;
  const end = target.charCodeAt(after);
  return after >= target.length || end === SLASH || end === QUESTION_MARK;
}

function isHarmlessEscape(target: string, at: number): boolean {
  const digits = target.slice(at + 1, at + 3);
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) return false;
  const byte = Number.parseInt(digits, 16);
  return byte >= 0x20 && !REFUSED_ESCAPES.has(byte);
}
