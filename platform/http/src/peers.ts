import type { X509Certificate } from 'node:crypto';
import type { InternalIssuer } from '@florin/security';

/** A part of the bank that may run in a process of its own. */
export type Peer = InternalIssuer;

/** Reserved for private networks (ICANN, 2024), so no public authority will ever vouch for such a name. */
const PEER_DOMAIN = 'florin.internal';

/**
 * The name in the certificate of a part of the bank: `transactions.florin.internal`. A DNS name and not a SPIFFE URI,
 * because every TLS library holds DNS names against certificates itself, by RFC 9525, and a URI would be for us to compare.
 * It need not resolve: where a service is, and who it is, are two settings.
 */
export function peerName(peer: Peer): string {
  return `${peer}.${PEER_DOMAIN}`;
}

/** Whether a certificate, whose chain was found good already, is that of one of them. */
export function isOneOf(certificate: X509Certificate, peers: readonly Peer[]): boolean {
  return peers.some(
    (peer) => certificate.checkHost(peerName(peer), { subject: 'never', wildcards: false }) !== undefined,
  );
}
