import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** An account of the clients, with what was paid in before anybody sent anything. */
export interface ClientAccount {
  readonly id: string;
  readonly owner: string;
  readonly currency: string;
  readonly openingMinor: number;
}

/** What a client wants to be done once, however often it asks. */
export interface WantedTransfer {
  /** Names it: it is also the reference in the books. */
  readonly op: string;
  readonly fromAccountId: string;
  readonly toAccountId: string;
  readonly minor: number;
  readonly currency: string;
  readonly coordination: 'saga' | 'two-phase';
}

/**
 * One line of a history, in the order in which things were seen. `invoke` begins an operation; `ok` ends it as done (or accepted),
 * `fail` as certainly not done, `info` as nobody knows.
 */
export type HistoryEvent = { readonly atMs: number } & (
  | { readonly type: 'account'; readonly account: ClientAccount }
  | {
      readonly type: 'fault';
      readonly name: string;
      readonly what: 'begins' | 'is healed';
    }
  | { readonly type: 'invoke'; readonly f: 'transfer'; readonly client: number; readonly transfer: WantedTransfer }
  | {
      readonly type: 'ok';
      readonly f: 'transfer';
      readonly client: number;
      readonly op: string;
      readonly transferId: string;
      readonly isPending: boolean;
      /** How often it was asked for. */
      readonly attempts: number;
      /** Of the payer's account, when the answer says. */
      readonly version?: number;
    }
  | {
      readonly type: 'fail';
      readonly f: 'transfer';
      readonly client: number;
      readonly op: string;
      readonly code: string;
    }
  | {
      readonly type: 'info';
      readonly f: 'transfer';
      readonly client: number;
      readonly op: string;
      readonly attempts: number;
    }
  | { readonly type: 'invoke'; readonly f: 'read'; readonly client: number; readonly accountId: string }
  | {
      readonly type: 'ok';
      readonly f: 'read';
      readonly client: number;
      readonly accountId: string;
      readonly version: number;
      readonly availableMinor: number;
    }
  | { readonly type: 'info'; readonly f: 'read'; readonly client: number; readonly accountId: string }
  /** An answer that a bank in the worst of days must not give. */
  | { readonly type: 'odd'; readonly client: number; readonly what: string }
);

/** `Omit` of each kind by itself. */
type Untimed<Event> = Event extends HistoryEvent ? Omit<Event, 'atMs'> : never;

/** What happened, as it is written down. */
export interface History {
  readonly events: readonly HistoryEvent[];
  add(event: Untimed<HistoryEvent>): void;
  /** Writes what is not in the file yet, as JSON lines. */
  flush(): void;
}

/** Begins a history; the file is begun anew. */
export function openHistory(file: string, nowMs: () => number): History {
  const events: HistoryEvent[] = [];
  const startedAtMs = nowMs();
  let written = 0;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return {
    events,
    add: (event) => void events.push({ atMs: Math.round(nowMs() - startedAtMs), ...event } as HistoryEvent),
    flush() {
      const lines = events.slice(written).map((event) => `${JSON.stringify(event)}\n`);
      written = events.length;
      appendFileSync(file, lines.join(''));
    },
  };
}
