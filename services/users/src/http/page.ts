import { createHash } from 'node:crypto';

/** A page of ours, ready to send: complete HTML and the headers that keep it harmless. */
export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STYLE = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 24rem; margin: 10vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; }
button { margin-top: 1.5rem; width: 100%; padding: .7rem; font: inherit; font-weight: 600; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
.hint { opacity: .8; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * Lays out a page. `body` is HTML, `title` is text. Browsers apply `form-action` to the redirects that follow a form
 * too, so `formTargets` names the origins a form of this page may lead to besides our own.
 */
export function page(title: string, body: string, formTargets: readonly string[] = []): Page {
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Florin</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [
        "default-src 'none'",
        `style-src 'sha256-${STYLE_HASH}'`,
        // The provider adds the hash of the one script it may send (it submits a form that has nothing to ask).
        "script-src 'none'",
        ["form-action 'self'", ...formTargets].join(' '),
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      ...PAGE_HEADERS,
    },
  };
}

/** For every answer a browser may render, ours or the provider's. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: with it browsers send `Origin: null` with forms, and we check the origin.
  'referrer-policy': 'same-origin',
};

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}
