import { setImmediate } from 'node:timers/promises';
import type { ServiceName, ServiceState } from '@florin/contracts';
import { openServicePool, type Service, type TlsCredentials } from '@florin/http';

/** A person is waiting for the answer, and a service that needs longer to say that it is well is not. */
const BUDGET_MS = 800;

/**
 * Asks the gateway and every service whether they can do their work. Never rejects: a service that is late, away or fails
 * at it is not ready, and why is for the log of that service, not for whoever asks.
 */
export interface ServiceHealth {
  check(): Promise<readonly ServiceState[]>;
}

interface Question {
  readonly service: string;
  ask(signal: AbortSignal): Promise<boolean>;
}

/** The gateway can answer when its event loop turns, and as fast as one turn takes. */
const GATEWAY: Question = { service: 'gateway', ask: () => setImmediate(true) };

/** Asks the services of this process themselves; for each answer anew, because they start one after the other. */
export function inProcessHealth(services: () => readonly Pick<Service, 'name' | 'ready'>[]): ServiceHealth {
  return healthOf(() => services().map((service) => ({ service: service.name, ask: () => service.ready() })));
}

/** Whoever looks, the services are asked once at a time. */
const LIMITS = { connections: 1 };

/**
 * Asks services in other processes on their internal ports, over TLS when this process has a certificate. `addresses` are
 * those of `/health/ready`, by service.
 */
export function httpHealth(
  addresses: Readonly<Partial<Record<ServiceName, string>>>,
  credentials?: TlsCredentials,
): ServiceHealth {
  const questions = Object.entries(addresses).map(([name, address]) => {
    const service = name as ServiceName;
    const pool = openServicePool(service, address, LIMITS, credentials);
    const { pathname, search } = new URL(address);
    return {
      service,
      async ask(signal: AbortSignal) {
        const answer = await pool.request({ method: 'GET', path: `${pathname}${search}`, signal });
        await answer.body.dump();
        return answer.statusCode === 200;
      },
    };
  });
  return healthOf(() => questions);
}

function healthOf(questions: () => readonly Question[]): ServiceHealth {
  let running: Promise<readonly ServiceState[]> | undefined;
  return {
    check() {
      // However many people look at once, the services are asked once: one that hangs must not gather questions.
      running ??= Promise.all([GATEWAY, ...questions()].map(stateOf)).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function stateOf({ service, ask }: Question): Promise<ServiceState> {
  const startedAtMs = performance.now();
  const late = Promise.withResolvers<boolean>();
  const abort = new AbortController();
  const timer = setTimeout(() => {
    late.resolve(false);
    abort.abort();
  }, BUDGET_MS);
  const ready = await Promise.race([answerTo(ask, abort.signal), late.promise]);
  clearTimeout(timer);
  return { service, ready, durationMs: Math.round((performance.now() - startedAtMs) * 10) / 10 };
}

async function answerTo(ask: Question['ask'], signal: AbortSignal): Promise<boolean> {
  try {
    return await ask(signal);
  } catch {
    return false;
  }
}
