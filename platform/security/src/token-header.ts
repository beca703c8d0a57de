import { decodeProtectedHeader } from 'jose';

/** Ours are under 1 KiB. Anything longer is refused before a byte of it is decoded. */
const TOKEN_LENGTH_MAX = 8_192;

/** Two of our machines may disagree by this much about the time. */
export const CLOCK_SKEW_SECONDS = 5;

const KEY_ID_LENGTH_MAX = 200;

/** Header parameters that would let a token bring its own key, or change how it is to be read (RFC 7515 section 4.1). */
const REFUSED_PARAMETERS = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip'];

/**
 * The key id of a token worth verifying: ES256, the expected type, a key id, and no header that brings its own key.
 * Undefined for everything else, so neither a key lookup nor a signature check is spent on it.
 */
export function keyIdOf(token: string, typ: string): string | undefined {
  if (token.length > TOKEN_LENGTH_MAX) return undefined;
  const header = decodedHeader(token);
  if (header === undefined || header.alg !== 'ES256' || typeof header.typ !== 'string') return undefined;
  // RFC 7515 section 4.1.9: compared without case, and `application/` may be left out.
  if (header.typ.toLowerCase().replace(/^application\//, '') !== typ) return undefined;
  if (REFUSED_PARAMETERS.some((parameter) => Object.hasOwn(header, parameter))) return undefined;
  const { kid } = header;
  return typeof kid === 'string' && kid !== '' && kid.length <= KEY_ID_LENGTH_MAX ? kid : undefined;
}

function decodedHeader(token: string): ReturnType<typeof decodeProtectedHeader> | undefined {
  try {
    return decodeProtectedHeader(token);
  } catch {
    // Not a token: the caller answers 401 for it as for every other bad one.
    return undefined;
  }
}
