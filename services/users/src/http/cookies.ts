/** The value of a cookie in a `Cookie` header (RFC 6265 section 4.2). Ours are base64url, so nothing needs decoding. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === name) {
      const value = pair.slice(at + 1).trim();
      return VALUE.test(value) ? value : undefined;
    }
  }
  return undefined;
}

const VALUE = /^[A-Za-z0-9_-]{1,4000}$/;
