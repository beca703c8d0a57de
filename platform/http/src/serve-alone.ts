import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@florin/observability';
import { startInternalServer } from './internal-server.ts';
import { LINGER_MS, listen } from './listener.ts';
import type { Peer } from './peers.ts';
import type { Service } from './service.ts';
import type { TlsCredentials } from './tls-credentials.ts';

/** Streams do not end by themselves: the service ends them after this, well before connections are cut. */
const STREAMS_LEFT_MS = 2_000;

/** What a service that runs in a process of its own leaves open besides itself. */
export interface Closable {
  close(): Promise<void> | void;
}

/**
 * Serves one service over HTTP in this process, with health and metrics on the next port, until SIGINT or SIGTERM:
 * then it drains, closes the service and after it what it was built on. Port 0 takes two free ones. With a certificate of its
 * own it takes calls over mutual TLS only, and only from `callers`.
 */
export async function serveAlone(options: {
  readonly service: Service;
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  /** Whether what brings work from elsewhere than callers can; it can when absent. */
  readonly isHearing?: () => boolean;
  /** Ends what brings work from elsewhere than callers, before the service closes. */
  readonly leave?: () => Promise<void>;
  readonly closeAfter: readonly Closable[];
  readonly credentials?: TlsCredentials | undefined;
  readonly callers: readonly Peer[];
}): Promise<void> {
  const { service, host, port, logger, credentials, callers, isHearing = () => true } = options;
  const listener = await listen({
    host,
    port,
    handle: service.handle,
    tls: credentials && { credentials, callers, logger },
  });
  const internal = await startInternalServer({
    host,
    port: port === 0 ? 0 : port + 1,
    services: () => [{ ...service, ready: async () => isHearing() && (await service.ready()) }],
    tls: credentials && { credentials },
  });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    const drained = listener.drain(LINGER_MS);
    // What comes on connections that are still open is served; only then does the service refuse new work, and end its streams.
    const served = Promise.race([drained, sleep(STREAMS_LEFT_MS)]).then(() => service.drain());
    await Promise.all([drained, served, options.leave?.()]);
    await service.close();
    for (const part of options.closeAfter) await part.close();
    await internal.close();
    credentials?.close();
  };
  const onSignal = (): void => {
    // A second signal changes nothing: the first is being obeyed.
    if (isStopping) return;
    isStopping = true;
    void stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Last: whoever reads this may send a signal at once.
  logger.info({ port: listener.port, internalPort: internal.port }, `${service.name} is ready`);
}
