import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '@florin/primitives';

/** A name, an address and a password fit many times over. */
const FORM_BYTES_MAX = 8 * 1024;
const FIELDS_MAX = 10;

export type FormFailure = { readonly code: 'malformed-json' | 'body-too-large' | 'unsupported-media-type' };

/** Reads the text fields of a form, sent by a page (form-encoded) or a program (JSON). How long it may take the server decides. */
export async function readForm(
  request: IncomingMessage,
): Promise<Result<Readonly<Record<string, string>>, FormFailure>> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    return fail({ code: 'unsupported-media-type' });
  }
  const body = await readBody(request);
  if (body === undefined) return fail({ code: 'body-too-large' });
  if (type !== 'application/json') return ok(firstFields(new URLSearchParams(body)));
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return fail({ code: 'malformed-json' });
  }
  if (typeof parsed !== 'object' || parsed === null) return fail({ code: 'malformed-json' });
  return ok(firstFields(Object.entries(parsed)));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > FORM_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Text fields only; an object without a prototype, for the names come from outside. */
function firstFields(entries: Iterable<readonly [string, unknown]>): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null);
  let count = 0;
  for (const [name, value] of entries) {
    count += 1;
    if (count > FIELDS_MAX) break;
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}
