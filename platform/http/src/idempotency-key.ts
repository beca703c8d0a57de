import type { IncomingMessage } from 'node:http';
import type { RouteContract } from '@florin/contracts';

const KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` header of a request (IETF draft-ietf-httpapi-idempotency-key-header), taken byte for byte: 1 to
 * 255 printable ASCII characters, given once.
 */
export function readIdempotencyKey(
  request: IncomingMessage,
): { readonly key: string } | { readonly code: 'idempotency-key-missing' | 'idempotency-key-invalid' } {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return { code: 'idempotency-key-missing' };
  if (typeof key !== 'string' || !KEY.test(key)) return { code: 'idempotency-key-invalid' };
  // Node joins repeated headers with a comma, so only a key that holds one can have been two.
  if (key.includes(',') && isRepeated(request.rawHeaders)) return { code: 'idempotency-key-invalid' };
  return { key };
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'idempotency-key') count += 1;
  }
  return count > 1;
}

/** Whether a request of this contract may carry a key. */
export function takesKey({ idempotent = false }: RouteContract): boolean {
  return idempotent !== false;
}
