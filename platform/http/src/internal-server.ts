import type { IncomingMessage, ServerResponse } from 'node:http';
import { processMetrics, renderMetrics } from '@florin/observability';
import { type Listener, listen } from './listener.ts';
import { sendReply } from './send-reply.ts';
import type { Service } from './service.ts';
import type { OpenTls } from './tls-server.ts';

/** A probe gives up after a second or two; an answer that comes later is worth nothing. */
const READY_TIMEOUT_MS = 1_500;

interface InternalServerParts {
  readonly services: () => readonly Service[];
  readonly tls?: OpenTls | undefined;
}

/**
 * The operator's port of a process, never reachable through the gateway: `/health/live` (the process runs),
 * `/health/ready` (every service can work; 503 and which one when not, or that the certificate has expired), `/metrics` (Prometheus, all services of the
 * process on one page, told apart by the label `service`). Behind TLS it asks for no certificate: probes have none.
 */
export function startInternalServer(
  options: InternalServerParts & { readonly port: number; readonly host: string },
): Promise<Listener> {
  // Collecting starts with the port, so the first scrape already has an event loop to tell of.
  processMetrics();
  return listen({
    port: options.port,
    host: options.host,
    tls: options.tls,
    handle: (request, response) => {
      answer(request, response, options).catch(() => response.destroy());
    },
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: InternalServerParts): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendReply(request, response, {
      status: 405,
      body: { status: 'method not allowed' },
      headers: { allow: 'GET, HEAD' },
    });
  }
  switch (request.url?.split('?', 1)[0]) {
    case '/health/live':
      return sendReply(request, response, { status: 200, body: { status: 'live' } });
    case '/health/ready':
      return sendReadiness(request, response, parts);
    case '/metrics': {
      const text = await renderMetrics([
        processMetrics(),
        ...parts.services().map((service) => service.metrics.registry),
      ]);
      return sendReply(request, response, { status: 200, text, contentType: processMetrics().contentType });
    }
    default:
      return sendReply(request, response, { status: 404, body: { status: 'not found' } });
  }
}

async function sendReadiness(
  request: IncomingMessage,
  response: ServerResponse,
  { services, tls }: InternalServerParts,
): Promise<void> {
  const isExpired = tls?.credentials.isExpired() ?? false;
  const states = await Promise.all(services().map(async (service) => [service.name, await isReady(service)] as const));
  const ready = !isExpired && states.length > 0 && states.every(([, state]) => state);
  sendReply(request, response, {
    status: ready ? 200 : 503,
    body: {
      status: ready ? 'ready' : 'not ready',
      services: Object.fromEntries(states),
      ...(isExpired && { isExpired }),
    },
  });
}

async function isReady(service: Service): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), READY_TIMEOUT_MS);
  try {
    return await Promise.race([service.ready(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
