import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export const SCRIPT = `export const words = [${'"florin", '.repeat(300)}];\n`;
export const STYLES = `body { color: black; }\n${'.a { margin: 0; }\n'.repeat(200)}`;
/** Less than a kilobyte, though compressing would halve it. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg">${'<path d="M0 0h9"/>'.repeat(20)}</svg>`;
export const FONT = Buffer.from(Array.from({ length: 2_000 }, (_, index) => (index * 31) % 256));

/** As a build writes it: the placeholder of the nonce wherever one belongs, and more than a kilobyte of page. */
export const INDEX = `<!doctype html>
<html lang="en">
<head>
<meta property="csp-nonce" nonce="__CSP_NONCE__">
<style nonce="__CSP_NONCE__">body { margin: 0; }</style>
<script type="module" nonce="__CSP_NONCE__" src="/assets/app-Ab12_-34.js"></script>
</head>
<body><div id="root"></div>
${'<!-- the first paint -->\n'.repeat(50)}
</body>
</html>
`;

/** As the build makes them, and unlike what the gateway would make: that tells which of the two was sent. */
export const MADE_BEFORE = {
  br: brotliCompressSync(STYLES, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: gzipSync(STYLES, { level: 1 }),
};

const BUILD: Readonly<Record<string, string | Uint8Array>> = {
  'index.html': INDEX,
  'index.html.gz': gzipSync(INDEX),
  'favicon.svg': FAVICON,
  'robots.txt': 'User-agent: *\nDisallow: /\n',
  'assets/app-Ab12_-34.js': SCRIPT,
  'assets/app-Cd56.css': STYLES,
  'assets/app-Cd56.css.br': MADE_BEFORE.br,
  'assets/app-Cd56.css.gz': MADE_BEFORE.gzip,
  'assets/inter-Ef78.woff2': FONT,
  '.stamp': 'the hash of what it was built from',
};

/** A small build of a web client that never was; with `files`, those instead. */
export function makeBuild(files: Readonly<Record<string, string | Uint8Array>> = BUILD) {
  const folder = mkdtempSync(join(tmpdir(), 'florin-web-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return {
    folder,
    /** A link out of the build, to a file that is there. */
    link: (path: string, target: string) => symlinkSync(target, join(folder, path)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Asks for a path and gives back the body as it came, compressed or not. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}
