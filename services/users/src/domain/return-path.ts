const RETURN_PATH_LENGTH_MAX = 500;

/** Stands for our own origin while a path is resolved; `.invalid` can never be anyone's host (RFC 2606). */
const HERE = 'https://florin.invalid';

/**
 * The path on our own origin to send someone back to after signing in, `/` when what was asked for is not one.
 * Resolved the way a browser does it, because `//host`, `/\host` and `/<tab>/host` are other people's sites to it.
 */
export function safeReturnPath(wanted: string | undefined): string {
  if (wanted === undefined || wanted.length > RETURN_PATH_LENGTH_MAX || !wanted.startsWith('/')) return '/';
  const resolved = URL.parse(wanted, HERE);
  if (resolved === null || resolved.origin !== HERE) return '/';
  return `${resolved.pathname}${resolved.search}${resolved.hash}`.replace(/^\/{2,}/, '/');
}
