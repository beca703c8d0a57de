import { databaseUnavailable, openSession, type Session } from '@florin/postgres';

/** Sessions for callers that need one to themselves. Each connects when it is first used. */
export interface SessionPool {
  /** Runs work on a session nobody else uses meanwhile. Fault `database-unavailable` when none is free in time. */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Refuses those who wait, waits for the work in hand within the sessions' own bound, closes the connections. */
  close(): Promise<void>;
}

export interface SessionPoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly size: number;
  /** How long a caller waits for a session. */
  readonly waitMs: number;
}

/** Callers beyond this would time out anyway; refusing them at once keeps the queue short. */
const WAITING_PER_SESSION_MAX = 100;

interface Waiter {
  grant(session: Session): void;
  refuse(reason: string): void;
}

export function createSessionPool(options: SessionPoolOptions): SessionPool {
  const { url, applicationName, size, waitMs } = options;
  const sessions = Array.from({ length: size }, () => openSession({ url, applicationName }));
  const free = [...sessions];
  const waiting = new Set<Waiter>();
  let isClosed = false;

  const acquire = (): Promise<Session> | Session => {
    if (isClosed) throw databaseUnavailable('the sessions are closed');
    const session = free.pop();
    if (session !== undefined) return session;
    if (waiting.size >= size * WAITING_PER_SESSION_MAX)
      throw databaseUnavailable('too many callers wait for a session');
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        grant(session) {
          leave();
          resolve(session);
        },
        refuse(reason) {
          leave();
          reject(databaseUnavailable(reason));
        },
      };
      const timer = setTimeout(() => waiter.refuse('no session became free in time'), waitMs);
      const leave = (): void => {
        clearTimeout(timer);
        waiting.delete(waiter);
      };
      waiting.add(waiter);
    });
  };

  const release = (session: Session): void => {
    const [next] = waiting;
    if (next === undefined) free.push(session);
    else next.grant(session);
  };

  return {
    async use(work) {
      const session = await acquire();
      try {
        return await work(session);
      } finally {
        release(session);
      }
    },
    async close() {
      isClosed = true;
      for (const waiter of [...waiting]) waiter.refuse('the sessions are closed');
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}
