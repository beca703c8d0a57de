import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Logger } from '@florin/observability';
import { invariant } from '@florin/primitives';
import { isOneOf, type Peer } from './peers.ts';
import type { Handler } from './service.ts';
import type { TlsCredentials } from './tls-credentials.ts';

/** A port behind TLS, for everybody: people's browsers, probes. */
export interface OpenTls {
  readonly credentials: TlsCredentials;
}

/** A port that only processes of the bank may talk to: both sides show a certificate of the same authority. */
export interface MutualTls {
  readonly credentials: TlsCredentials;
  /** Who may call; everybody else with a certificate of the bank's authority is turned away. */
  readonly callers: readonly Peer[];
  readonly logger: Logger;
}

/**
 * For TLS 1.2 only suites with forward secrecy and authenticated encryption (RFC 9325 section 4.2); TLS 1.3 has no others.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** Both ends are ours, so there is nothing old to be kind to. */
export const MUTUAL_TLS_VERSION = 'TLSv1.3';

/** An HTTPS server that follows its certificate's files. TLS 1.2 and newer; 1.3 alone between processes of the bank. */
export function createTlsServer(
  tls: OpenTls | MutualTls,
  options: Parameters<typeof createHttpsServer>[0],
  handle: Handler['handle'],
): HttpsServer {
  const mutual = 'callers' in tls ? tls : undefined;
  const versions = { minVersion: mutual === undefined ? 'TLSv1.2' : MUTUAL_TLS_VERSION, ciphers: CIPHERS } as const;
  const material = tls.credentials.current();
  invariant(mutual === undefined || material.ca !== undefined, 'mutual TLS needs the authority of the others');
  const server = createHttpsServer(
    {
      ...options,
      ...versions,
      ...material,
      ...(mutual !== undefined && { requestCert: true, rejectUnauthorized: true }),
    },
    handle,
  );
  tls.credentials.onChange((changed) => server.setSecureContext({ ...versions, ...changed }));
  // Before the answer to broken requests, which a peer that never finished its handshake could not read. Waiting for it to,
  // we would hold its connection for ever.
  server.prependListener('tlsClientError', (_error, socket) => socket.destroy());
  // Before HTTP is spoken on the connection.
  if (mutual !== undefined) server.prependListener('secureConnection', (socket) => turnAwayStrangers(socket, mutual));
  return server;
}

function turnAwayStrangers(socket: TLSSocket, { callers, logger }: MutualTls): void {
  const certificate = socket.getPeerX509Certificate();
  if (certificate !== undefined && isOneOf(certificate, callers)) return;
  logger.warn({ names: certificate?.subjectAltName }, 'a caller was turned away: it is not one of those who may call');
  socket.destroy();
}
