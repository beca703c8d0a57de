import type { IncomingMessage } from 'node:http';
import type { Reply } from '@florin/http';
import { invariant } from '@florin/primitives';
import { chooseEncoding, type Encoding } from './content-encoding.ts';
import { readWebFiles, unusable, type WebFile } from './web-files.ts';
import { type AnswerPage, createWebPage, WEB_HEADERS } from './web-page.ts';

/** Their names hold a hash of what is in them, so a name never means anything else. */
const ASSETS = '/assets/';
const KEPT_FOR_EVER = 'public, max-age=31536000, immutable';
const ASKED_AGAIN = 'no-cache';

const INDEX = '/index.html';

/** The built web client, answered from memory. */
export interface WebClient {
  /** The paths of its files outside `/assets/`: `/favicon.svg`. */
  readonly topFiles: readonly string[];
  /** Answers a file, or 304 when the client has it; undefined when there is no such file. */
  answerFile(request: IncomingMessage): Reply | undefined;
  answerPage: AnswerPage;
}

/**
 * Opens a build of the web client: a folder with `index.html` and `assets/`. Files are found by looking the path of a
 * request up among those that were read, so there is no path that could lead anywhere else.
 *
 * Throws the Fault `web-client-unusable` as `readWebFiles` does, and when there is no `index.html`.
 */
export async function openWebClient(options: {
  readonly folder: string;
  readonly isHttps: boolean;
}): Promise<WebClient> {
  const files = await readWebFiles(options.folder);
  const template = files.get(INDEX)?.encoded.get('identity');
  if (template === undefined) throw unusable('has no index.html');
  files.delete(INDEX);
  const answers = new Map(Array.from(files, ([path, file]) => [path, answersOf(path, file)]));
  return {
    topFiles: [...files.keys()].filter((path) => !path.startsWith(ASSETS)),
    answerFile({ url = '', headers }) {
      const found = answers.get(url.split('?', 1)[0] ?? '');
      if (found === undefined) return undefined;
      const { etag, whole, unchanged } = found(headers['accept-encoding']);
      return hasAlready(headers['if-none-match'], etag) ? unchanged : whole;
    },
    answerPage: createWebPage(Buffer.from(template).toString(), options.isHttps),
  };
}

interface FileAnswers {
  readonly etag: string;
  readonly whole: Reply;
  readonly unchanged: Reply;
}

/** Makes all answers of a file once; what is left to a request is to choose. */
function answersOf(path: string, file: WebFile): (acceptEncoding: string | undefined) => FileAnswers {
  const available = [...file.encoded.keys()];
  const cacheControl = path.startsWith(ASSETS) ? KEPT_FOR_EVER : ASKED_AGAIN;
  const byEncoding = new Map<Encoding, FileAnswers>();
  for (const [encoding, bytes] of file.encoded) {
    const isEncoded = encoding !== 'identity';
    const etag = `"${file.digest}${isEncoded ? `-${encoding}` : ''}"`;
    const headers = { ...WEB_HEADERS, etag, ...(available.length > 1 && { vary: 'accept-encoding' }) };
    byEncoding.set(encoding, {
      etag,
      whole: {
        status: 200,
        bytes,
        contentType: file.contentType,
        cacheControl,
        headers: isEncoded ? { ...headers, 'content-encoding': encoding } : headers,
      },
      unchanged: { status: 304, text: '', cacheControl, headers },
    });
  }
  return (acceptEncoding) => {
    const answers = byEncoding.get(chooseEncoding(acceptEncoding, available));
    invariant(answers !== undefined, 'a coding is chosen among those there are');
    return answers;
  };
}

/** `If-None-Match` compares weakly (RFC 9110 section 13.1.2). */
function hasAlready(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
