import { Fault } from '@florin/primitives';
import type { Broker } from './broker.ts';

/** No broker comes into being while a process runs, so a relay that asks more often reads its outbox for nothing. */
const RETRY_AFTER_SECONDS = 60;

/**
 * Stands in where no broker between processes is configured: it takes nothing, so events wait in their outbox, in
 * order, until there is one. An in-memory broker there would take them and lose them.
 */
export function absentBroker(): Broker {
  return {
    publish: () =>
      Promise.reject(
        new Fault('broker-absent', 'no broker between processes is configured', {
          retryable: true,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        }),
      ),
    subscribe: () => undefined,
    close: () => Promise.resolve(),
  };
}
