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

/** Names of the web client's cookies. `__Host-` ties one to this very host and to https; plain http cannot have it. */
export function webCookieNames(https: boolean): { readonly session: string; readonly pending: string } {
  return https
    ? { session: '__Host-florin', pending: '__Secure-florin_sign_in' }
    : { session: 'florin_sid', pending: 'florin_sign_in' };
}

/** The name of the cookie that holds the issuer's own session. */
export function issuerSessionCookie(https: boolean): string {
  return https ? '__Host-florin_issuer' : 'florin_issuer';
}

/** The name of the cookie that says who signed in in this browser before. Only sign-ins read it. */
export function knownDeviceCookie(https: boolean): string {
  return https ? '__Secure-florin_device' : 'florin_device';
}
