import type { ServiceName } from '@florin/contracts';
import { type Logger, processGauge } from '@florin/observability';
import { createCircuit } from '@florin/primitives';

/** What a process knows of whether one service answers. */
export interface PeerCircuit {
  /** Whether to leave it alone now, rather than to wait for it. */
  isOpen(): boolean;
  /** It answered, whatever it said. */
  succeeded(): void;
  /** It was not reached, or did not answer in time. */
  failed(error: unknown): void;
}

/** What a process knows of the services it asks, whichever way it asks them. */
export interface PeerCircuits {
  of(service: ServiceName): PeerCircuit;
}

export interface PeerCircuitsOptions {
  /** Told when a service is left alone, and when it answers again. */
  readonly logger?: Logger;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

/** An answer a second ago is one of several processes of the service that lives, whatever happens to the others. */
const LIMITS = { failuresMax: 5, restMs: 1_000, quietMs: 1_000 };

/** All circuits closed. */
export function createPeerCircuits({ logger, now = () => performance.now() }: PeerCircuitsOptions = {}): PeerCircuits {
  const circuits = new Map<ServiceName, PeerCircuit>();
  return {
    of(service) {
      const known = circuits.get(service) ?? createPeerCircuit(service, now, logger);
      circuits.set(service, known);
      return known;
    },
  };
}

function createPeerCircuit(service: ServiceName, now: () => number, logger: Logger | undefined): PeerCircuit {
  const circuit = createCircuit(LIMITS);
  const gauge = processGauge('florin_circuit_open', 'Whether a service does not answer and is left alone', ['peer']);
  let isLeftAlone = false;
  gauge.set({ peer: service }, 0);
  return {
    isOpen: () => circuit.isOpen(now()),
    succeeded() {
      circuit.succeeded(now());
      if (!isLeftAlone) return;
      isLeftAlone = false;
      gauge.set({ peer: service }, 0);
      logger?.info({ peer: service }, 'a service answers again');
    },
    failed(error) {
      if (!circuit.failed(now())) return;
      isLeftAlone = true;
      gauge.set({ peer: service }, 1);
      logger?.warn({ peer: service, err: error }, 'a service does not answer and is left alone for a moment');
    },
  };
}
