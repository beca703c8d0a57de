import type { IncomingHttpHeaders } from 'node:http';
import type { RouteContract } from '@florin/contracts';
import type { ActionOrigin } from '@florin/primitives';
import type { Principal } from '@florin/security';

/** Set by the gateway, which lets nobody else's through: the network a request came from. */
export const NETWORK_HEADER = 'x-florin-network';

/** `2001:db8:7::/48` at its longest, and nothing that could be more than a network. */
const NETWORK = /^[0-9a-f.:]{2,39}\/\d{1,3}$/;

/** Who does what a request asks for, as rules and the audit record know them. */
export interface Caller {
  readonly subject: string;
  readonly roles: readonly string[];
  /** The name to show to others; absent for people who gave none. */
  readonly name?: string;
  readonly traceId: string;
  readonly origin: ActionOrigin;
}

interface AskedHow {
  readonly traceId: string;
  readonly contract: RouteContract | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The caller of an operation, from its verified principal and the network that the gateway noted. */
export function callerOf(
  { subject, roles, name, sessionId, acr }: Principal,
  { traceId, contract, headers }: AskedHow,
): Caller {
  const network = headers[NETWORK_HEADER];
  return {
    subject,
    roles,
    ...(name === undefined ? {} : { name }),
    traceId,
    origin: {
      operationId: contract?.operationId ?? '',
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(acr === undefined ? {} : { acr }),
      ...(typeof network === 'string' && NETWORK.test(network) ? { address: network } : {}),
    },
  };
}
