import { Fault } from '@florin/primitives';
import { buildConnector, Pool } from 'undici';
import { type Peer, peerName } from './peers.ts';
import type { TlsCredentials, TlsMaterial } from './tls-credentials.ts';
import { MUTUAL_TLS_VERSION } from './tls-server.ts';

/** A third of what a request may take in all. Both handshakes are done in milliseconds, unless the machine starts processes as well. */
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * A pool of connections to one service: with mutual TLS when this process has a certificate, in plain text when it has
 * none. With TLS the certificate on the other side must be that of the service meant, whatever its address. Throws the
 * Fault `setting-invalid` for an address that does not go with that, rather than to talk in plain text by mistake.
 */
export function openServicePool(
  service: Peer,
  url: string,
  limits: Omit<Pool.Options, 'connect'>,
  credentials: TlsCredentials | undefined,
): Pool {
  const { origin, protocol } = new URL(url);
  if (credentials === undefined) {
    if (protocol === 'http:') return new Pool(origin, { ...limits, connect: { timeout: CONNECT_TIMEOUT_MS } });
    throw new Fault(
      'setting-invalid',
      `the address of ${service} is https, and this process has no certificate to show`,
    );
  }
  if (protocol === 'https:') return new Pool(origin, { ...limits, connect: connectorTo(service, credentials) });
  throw new Fault('setting-invalid', `the address of ${service} must be https: this process has a certificate`);
}

/**
 * What a request over a pool of a service carries besides. Without it undici takes the name from the Host header, which the
 * gateway keeps, and connects anew for every other Host.
 */
export function requestName(service: Peer): { readonly servername: string } {
  return { servername: peerName(service) };
}

function connectorTo(service: Peer, credentials: TlsCredentials): buildConnector.connector {
  let connect = connectorWith(credentials.current());
  credentials.onChange((material) => {
    connect = connectorWith(material);
  });
  return (options, callback) => connect({ ...options, servername: peerName(service) }, callback);
}

function connectorWith({ cert, key, ca }: TlsMaterial): buildConnector.connector {
  return buildConnector({
    cert,
    key,
    ca,
    minVersion: MUTUAL_TLS_VERSION,
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    // A session taken up again skips the look at the certificates.
    maxCachedSessions: 0,
  });
}
