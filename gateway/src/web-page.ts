import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Reply } from '@florin/http';
import { chooseEncoding } from './content-encoding.ts';
import { COMPRESSED_FROM_BYTES } from './web-files.ts';

/** Stands in the built page wherever a nonce belongs. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';
/** 128 bits, so that no two answers ever share one and nobody guesses the next (CSP level 3, section 7.1). */
const NONCE_BYTES = 16;

/**
 * For everything the web client is made of: no other site may embed, open and hold, or sniff it, and it uses none of
 * what a device could be asked for. `same-origin` as on the issuer's pages: with `no-referrer` a browser sends `Origin:
 * null` with forms, and we check the origin.
 */
export const WEB_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'permissions-policy': [
    'accelerometer',
    'autoplay',
    'camera',
    'display-capture',
    'encrypted-media',
    'geolocation',
    'gyroscope',
    'hid',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'screen-wake-lock',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ]
    .map((feature) => `${feature}=()`)
    .join(', '),
} as const;

/** Answers a page: 200 where there is one, 404 where the client is to say that there is none. */
export type AnswerPage = (status: 200 | 404, acceptEncoding: string | undefined) => Reply;

/**
 * Makes the answers of a built `index.html`. Each has a nonce of its own, in the page and in its content security policy,
 * so the style elements the client makes are allowed and those of anyone else are not; scripts are our files only.
 */
export function createWebPage(template: string, isHttps: boolean): AnswerPage {
  const pieces = template.split(NONCE_PLACEHOLDER);
  const isLarge = Buffer.byteLength(template) > COMPRESSED_FROM_BYTES;
  const policyFor = contentSecurityPolicy(isHttps);
  return (status, acceptEncoding) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const html = pieces.join(nonce);
    const headers = { ...WEB_HEADERS, 'content-security-policy': policyFor(nonce), vary: 'accept-encoding' };
    const page = { status, contentType: 'text/html; charset=utf-8', headers };
    if (!isLarge || chooseEncoding(acceptEncoding, ['gzip', 'identity']) === 'identity') return { ...page, text: html };
    // Its length can tell nobody a secret (BREACH): nothing in the page is secret but the nonce, which is new each time,
    // and nothing of the request is in it.
    return { ...page, bytes: gzipSync(html), headers: { ...headers, 'content-encoding': 'gzip' } };
  };
}

function contentSecurityPolicy(isHttps: boolean): (nonce: string) => string {
  const before = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-";
  const after = [
    "'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // On plain http, which is a laptop, it would send the browser to a port that does not speak TLS.
    ...(isHttps ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
  return (nonce) => `${before}${nonce}${after}`;
}
