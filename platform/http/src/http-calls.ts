import type { ServiceName } from '@florin/contracts';
import { Fault } from '@florin/primitives';
import type { Pool } from 'undici';
import { createPeerCircuits, type PeerCircuits } from './peer-circuits.ts';
import {
  CALL_TIMEOUT_MS_DEFAULT,
  callHeaders,
  readAnswer,
  type ServiceCall,
  type ServiceRequest,
  type ServiceResponse,
  serviceTimeout,
  serviceUnavailable,
} from './service-call.ts';
import { openServicePool, requestName } from './service-pool.ts';
import type { TlsCredentials } from './tls-credentials.ts';
import { tracedCalls } from './traced-calls.ts';

/** Per callee; one connection carries about 2,000 small calls a second, and the callee has a database pool to protect. */
const CONNECTIONS_MAX = 64;
/** Per callee, with those that wait for a connection; one more is refused, rather than kept in memory. */
const UNDER_WAY_MAX = CONNECTIONS_MAX + 1_000;
/** A statement of a busy month in JSON is below this; anything larger is not meant for a service. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

const LIMITS = { connections: CONNECTIONS_MAX, maxResponseSize: ANSWER_BYTES_MAX };

/** One that was given less time and got no answer says nothing about the service. */
const TELLING_TIMEOUT_MS = 500;

/**
 * Calls between processes, over pooled connections; with mutual TLS when this process has a certificate. Services without
 * an address are unavailable, and so are for a moment those that do not answer.
 */
export function httpCalls(
  baseUrls: Partial<Readonly<Record<ServiceName, string>>>,
  credentials?: TlsCredentials,
  circuits: PeerCircuits = createPeerCircuits(),
): ServiceCall {
  const pools = new Map(
    Object.entries(baseUrls).map(([service, url]) => [
      service,
      { pool: openServicePool(service as ServiceName, url, LIMITS, credentials), underWay: 0 },
    ]),
  );

  return tracedCalls({
    async call(request) {
      const callee = pools.get(request.service);
      const circuit = circuits.of(request.service);
      if (callee === undefined || callee.underWay >= UNDER_WAY_MAX || circuit.isOpen()) {
        throw serviceUnavailable(request.service);
      }
      const timeoutMs = request.timeoutMs ?? CALL_TIMEOUT_MS_DEFAULT;
      const signal = AbortSignal.timeout(timeoutMs);
      callee.underWay += 1;
      try {
        const answer = await send(callee.pool, { ...request, timeoutMs }, signal);
        circuit.succeeded();
        return answer;
      } catch (error) {
        if (error instanceof Fault) throw error;
        if (!signal.aborted || timeoutMs >= TELLING_TIMEOUT_MS) circuit.failed(error);
        throw signal.aborted ? serviceTimeout(request.service, timeoutMs) : serviceUnavailable(request.service, error);
      } finally {
        callee.underWay -= 1;
      }
    },
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.destroy()));
    },
  });
}

async function send(pool: Pool, request: ServiceRequest, signal: AbortSignal): Promise<ServiceResponse> {
  const response = await pool.request({
    method: request.method,
    path: request.path,
    headers: callHeaders(request),
    ...requestName(request.service),
    body: request.body === undefined ? null : JSON.stringify(request.body),
    signal,
  });
  const text = await response.body.text();
  return {
    status: response.statusCode,
    headers: response.headers,
    body: readAnswer(request.service, response.headers['content-type'], text),
  };
}
