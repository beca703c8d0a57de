import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Fault } from '@florin/primitives';
import type { Encoding } from './content-encoding.ts';
import { isPlainPath } from './path-gate.ts';

/** Our build has some hundred files of two megabytes in all. A folder beyond these bounds is not our build. */
const FILES_MAX = 2_000;
const BYTES_MAX = 20 * 1024 * 1024;

/** Below this, compressing saves less than a packet. */
export const COMPRESSED_FROM_BYTES = 1_024;
/** Nearly as small as 11, in a tenth of the time. */
const BROTLI_QUALITY = 9;
const GZIP_LEVEL = 9;

/** A file of the web client's build, in memory, in every coding it is answered in. */
export interface WebFile {
  readonly contentType: string;
  /** Of the file itself; each coding has an entity tag of its own made from it (RFC 9110 section 8.8.3.3). */
  readonly digest: string;
  readonly encoded: ReadonlyMap<Encoding, Uint8Array>;
}

/** Content types by ending, and whether what they name gets smaller by compressing it. */
const TYPES: Readonly<Record<string, readonly [contentType: string, isText: boolean]>> = {
  '.html': ['text/html; charset=utf-8', true],
  '.js': ['text/javascript; charset=utf-8', true],
  '.mjs': ['text/javascript; charset=utf-8', true],
  '.css': ['text/css; charset=utf-8', true],
  '.json': ['application/json; charset=utf-8', true],
  '.map': ['application/json; charset=utf-8', true],
  '.webmanifest': ['application/manifest+json', true],
  '.svg': ['image/svg+xml', true],
  '.txt': ['text/plain; charset=utf-8', true],
  '.ico': ['image/x-icon', true],
  '.png': ['image/png', false],
  '.jpg': ['image/jpeg', false],
  '.webp': ['image/webp', false],
  '.avif': ['image/avif', false],
  '.woff2': ['font/woff2', false],
  '.wasm': ['application/wasm', true],
};
const UNKNOWN_TYPE = ['application/octet-stream', false] as const;

/** How a build names a file's compressed form, which lies beside it. */
const PRECOMPRESSED: readonly (readonly [ending: string, encoding: Encoding])[] = [
  ['.br', 'br'],
  ['.gz', 'gzip'],
];

/**
 * Reads a build into memory, by the path each file has in an address (`/assets/app-1a2b.js`). What is compressed
 * already is taken as it is, other texts are compressed here. Names that begin with a dot, and links, are left out.
 *
 * Throws the Fault `web-client-unusable` with one sentence for a person when the folder is not there, is larger than
 * any build of ours, or holds a name that no plain path can have.
 */
export async function readWebFiles(folder: string): Promise<Map<string, WebFile>> {
  const paths = listFiles(folder);
  const contents = new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))] as const)),
  );
  const originals = paths.filter((path) => !isPrecompressed(path, contents));
  return new Map(await Promise.all(originals.map(async (path) => [path, await encodeFile(path, contents)] as const)));
}

/** The paths of all files, with their number and sizes checked before anything is read. */
function listFiles(folder: string): string[] {
  const paths: string[] = [];
  const folders = [''];
  let bytes = 0;
  for (let index = 0; index < folders.length; index += 1) {
    const parent = folders[index] ?? '';
    for (const entry of entriesOf(join(folder, parent))) {
      if (entry.name.startsWith('.')) continue;
      const path = `${parent}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile()) continue;
      // A pattern character would make a route of the file's name that takes other names too.
      if (!isPlainPath(path) || /[:*?]/.test(path)) throw unusable(`holds ${path}, which cannot be an address`);
      paths.push(path);
      bytes += statSync(join(folder, path)).size;
    }
    if (paths.length + folders.length > FILES_MAX) throw unusable(`has more than ${FILES_MAX} files and folders`);
    if (bytes > BYTES_MAX) throw unusable(`is larger than ${BYTES_MAX / 1024 / 1024} MB`);
  }
  return paths;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unusable(`cannot be read at ${folder}`, error);
  }
}

function isPrecompressed(path: string, contents: ReadonlyMap<string, Buffer>): boolean {
  return PRECOMPRESSED.some(([ending]) => path.endsWith(ending) && contents.has(path.slice(0, -ending.length)));
}

async function encodeFile(path: string, contents: ReadonlyMap<string, Buffer>): Promise<WebFile> {
  const plain = contents.get(path) ?? Buffer.alloc(0);
  const [contentType, isText] = TYPES[extname(path)] ?? UNKNOWN_TYPE;
  const encoded = new Map<Encoding, Uint8Array>([['identity', plain]]);
  for (const [ending, encoding] of PRECOMPRESSED) {
    const made = contents.get(`${path}${ending}`);
    if (made !== undefined) encoded.set(encoding, made);
  }
  if (encoded.size === 1 && isText && plain.length > COMPRESSED_FROM_BYTES) {
    const [brotli, gzipped] = await Promise.all([toBrotli(plain), toGzip(plain, { level: GZIP_LEVEL })]);
    if (brotli.length < plain.length) encoded.set('br', brotli);
    if (gzipped.length < plain.length) encoded.set('gzip', gzipped);
  }
  return { contentType, digest: createHash('sha256').update(plain).digest('base64url'), encoded };
}

const compressWithBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

function toBrotli(plain: Buffer): Promise<Buffer> {
  return compressWithBrotli(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
}

/** For whoever starts the bank. */
export function unusable(why: string, cause?: unknown): Fault {
  return new Fault('web-client-unusable', `the build of the web client ${why}`, { cause });
}
