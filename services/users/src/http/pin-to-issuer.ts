import type { IncomingMessage, ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './page.ts';

/** What the provider may send to browsers by itself: a form that submits itself. It adds the hash of that script. */
const PROVIDER_POLICY = "default-src 'none'; script-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'";

/**
 * Prepares a request for the provider. It builds addresses from the Host and X-Forwarded-* headers, which anyone can
 * write, so both are replaced by what the issuer says: a forged Host must not appear in a redirect. Answers get the
 * headers the provider leaves out.
 */
export function createPin(issuer: string): (request: IncomingMessage, response: ServerResponse) => void {
  const { host, protocol } = new URL(issuer);
  const scheme = protocol.slice(0, -1);
  return ({ headers }, response) => {
    headers.host = host;
    delete headers['x-forwarded-host'];
    headers['x-forwarded-proto'] = scheme;
    response.setHeader('content-security-policy', PROVIDER_POLICY);
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  };
}
