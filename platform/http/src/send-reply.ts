import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import type { Reply } from './endpoint.ts';

/**
 * What is left of a refused request's body is read and thrown away up to this size, so that a caller that is still
 * sending gets to read the answer instead of a reset connection. Beyond it the connection is closed.
 */
const DISCARDED_BODY_BYTES_MAX = 8 * 1024 * 1024;

const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

/**
 * Writes an answer, whole, in one packet where it fits. Nothing is cached by anyone unless the answer says so, and nothing
 * is sniffed. Headers set on the response before (rate limits, by the gateway) are kept.
 *
 * Written to Node's response directly: Fastify's reply would parse the content type and copy the headers again.
 */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  // The caller hung up; there is nobody to tell.
  if (response.destroyed || response.headersSent) {
    reply.stream?.destroy();
    return;
  }
  const whole = reply.stream === undefined ? wholeOf(reply) : undefined;
  const headers = ['cache-control', reply.cacheControl ?? 'no-store', 'x-content-type-options', 'nosniff'];
  if (whole !== '') headers.push('content-type', reply.contentType ?? JSON_CONTENT_TYPE);
  if (whole !== undefined && reply.status !== 204 && reply.status !== 304) {
    headers.push('content-length', String(Buffer.byteLength(whole)));
  }
  if (reply.headers !== undefined) {
    for (const name of Object.keys(reply.headers)) headers.push(name, reply.headers[name] ?? '');
  }
  if (reply.status >= 400 && mustClose(request)) headers.push('connection', 'close');
  response.writeHead(reply.status, headers);
  if (reply.stream === undefined) response.end(whole);
  else sendStream(request, response, reply.stream);
}

function wholeOf({ text, bytes, body }: Reply): string | Uint8Array {
  return text ?? bytes ?? (body === undefined ? '' : JSON.stringify(body));
}

/** The head leaves at once, so that who listens knows of it; a source that fails breaks the answer off. */
function sendStream(request: IncomingMessage, response: ServerResponse, stream: Readable): void {
  if (request.method === 'HEAD') {
    stream.destroy();
    response.end();
    return;
  }
  response.flushHeaders();
  pipeline(stream, response, () => undefined);
}

/** Whether the unread part of the body may be more than we are ready to discard. */
function mustClose(request: IncomingMessage): boolean {
  if (request.complete) return false;
  if (request.headers['transfer-encoding'] !== undefined) return true;
  return Number(request.headers['content-length'] ?? 0) > DISCARDED_BODY_BYTES_MAX;
}
