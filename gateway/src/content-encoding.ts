/** The content codings we answer in, the smallest first: it is taken when the client likes several as much. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Browsers send four or five; the rest of a longer list is not read. */
const CODINGS_MAX = 20;
/** RFC 9110 section 12.4.2: at most three digits after the point. */
const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/**
 * The coding to answer in, by the `Accept-Encoding` of a request (RFC 9110 section 12.5.3): the available one with the
 * highest weight. `identity`, which is no coding, when the header is absent or names nothing we have, and even when it
 * refuses `identity`: an answer that may be of no use beats none.
 */
export function chooseEncoding(accept: string | undefined, available: readonly Encoding[]): Encoding {
  if (accept === undefined) return 'identity';
  const weights = new Map<string, number>();
  for (const item of accept.toLowerCase().split(',', CODINGS_MAX)) {
    const [coding = '', parameter] = item.split(';', 2).map((part) => part.trim());
    weights.set(coding, parameter === undefined ? 1 : weightOf(parameter));
  }
  let chosen: Encoding = 'identity';
  let highest = 0;
  for (const encoding of ENCODINGS) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight <= highest || !available.includes(encoding)) continue;
    chosen = encoding;
    highest = weight;
  }
  return chosen;
}

/** A weight that cannot be read is none: better a larger answer than one that was not asked for. */
function weightOf(parameter: string): number {
  const quality = QUALITY.exec(parameter)?.[1];
  return quality === undefined ? 0 : Number(quality);
}
