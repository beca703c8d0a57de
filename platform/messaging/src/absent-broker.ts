import { Fault } from '@florin/primitives';
import type { Broker } from './broker.ts';

/**
 * Stands in where no broker between processes is configured: it takes nothing, so events wait in their outbox, in
 * order and uncounted times, until there is one. An in-memory broker there would take them and lose them.
 */
export function absentBroker(): Broker {
  return {
    publish: () =>
      Promise.reject(new Fault('broker-absent', 'no broker between processes is configured', { retryable: true })),
    subscribe: () => undefined,
    close: () => Promise.resolve(),
  };
}
