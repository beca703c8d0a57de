/** The longest e-mail address SMTP can carry (RFC 5321 section 4.5.3.1, with erratum 1690). */
const EMAIL_LENGTH_MAX = 254;

const EMAIL = /^[^\s@"<>\\,;:()[\]]{1,64}@[^\s@"<>\\,;:()[\]]+\.[^\s@"<>\\,;:()[\].]{2,}$/u;

/**
 * The one spelling under which a login name is stored and looked up: NFKC, trimmed, lower case, so that the full-width
 * or upper-case twin of an address is the same person.
 */
export function canonicalLogin(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** The canonical spelling of an e-mail address, or undefined when it cannot be one. Whether it exists only mail can tell. */
export function canonicalEmail(text: string): string | undefined {
  const email = canonicalLogin(text);
  return email.length <= EMAIL_LENGTH_MAX && EMAIL.test(email) ? email : undefined;
}

const SHORT_NAME = /^[a-z][a-z0-9._-]{1,31}$/;

/** A short name to sign in with instead of an e-mail address. It holds no `@`, so the two can never collide. */
export function isShortLogin(text: string): boolean {
  return SHORT_NAME.test(text);
}
