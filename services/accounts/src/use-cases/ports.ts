import type { ReceivedEvent } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/observability';
import type { Database, Tx } from '@florin/postgres';
import type { Clock, Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Balance, LedgerBalance } from '../domain/balance.ts';
import type { Fact } from '../domain/facts.ts';
import type { HistoryLine } from '../domain/history.ts';
import type { LedgerInstruction, LedgerRefusal } from '../domain/ledger-instruction.ts';

/** What this service asks of the ledger. A ledger that is away or unsure is a `Fault`, never an answer. */
export interface Ledger {
  /** Puts an instruction in force, once per control version; answers the balance that resulted. */
  enforce(instruction: LedgerInstruction): Promise<Result<LedgerBalance, LedgerRefusal>>;
  /** The balance as it is now; undefined for an account the ledger does not have. */
  balance(accountId: string): Promise<LedgerBalance | undefined>;
  /** The lines booked after a version, newest first; a fault when there are too many to be read at once. */
  linesAfter(accountId: string, version: number): Promise<readonly HistoryLine[]>;
}

/** Writes what happened with the transaction it happened in. */
export type Publish = (tx: Tx, facts: readonly Fact[]) => Promise<void>;

/** What a consumer group of this service does with its events. */
export interface EventReader {
  readonly group: string;
  readonly topics: readonly string[];
  handle(events: readonly ReceivedEvent[], tx: Tx): Promise<void>;
  committed(events: readonly ReceivedEvent[]): void;
}

/** An answer as it goes out: a status and the exact bytes, so that a repeated request gets the same. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** What every use case of this service may need. */
export interface Deps {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly publish: Publish;
  /** The answer to the request that opened an account; kept with its idempotency key. */
  presentOpened(account: Account, balance: Balance): StoredAnswer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
