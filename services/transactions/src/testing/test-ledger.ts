import { approvalMigrations } from '@florin/approvals';
import { messagingMigrations } from '@florin/messaging';
import { makeIban } from '@florin/money';
import { createMetrics } from '@florin/observability';
import { openSession, PLAN_SETTINGS } from '@florin/postgres';
import { type Clock, newId, systemClock, utcDate } from '@florin/primitives';
import { sagaMigrations } from '@florin/saga';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { twoPhaseMigrations } from '@florin/two-phase-commit';
import { LRUCache } from 'lru-cache';
import type { Command, ControlCommand } from '../domain/command.ts';
import { createOutbox } from '../events/publish.ts';
import { BulkGate } from '../use-cases/bulk-gate.ts';
import { GroupCommit } from '../use-cases/group-commit.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { ledgerMeasures } from '../use-cases/ledger-measures.ts';
import type { Transfers } from '../use-cases/send-transfer.ts';
import { createShards } from '../use-cases/shards.ts';
import type { Outcome, Present } from '../use-cases/submission.ts';
import { submitCommand } from '../use-cases/submit-command.ts';

export const MIGRATIONS = [
  messagingMigrations,
  approvalMigrations,
  sagaMigrations,
  twoPhaseMigrations,
  new URL('../../migrations/', import.meta.url),
];

interface TestLedgerOptions {
  readonly writers?: number;
  readonly now?: Clock;
  /** Works on the database of another one, like a second instance of the service. Close it first. */
  readonly beside?: { readonly database: TestDatabase };
}

/** A ledger on a database of its own, without HTTP around it. */
export async function openTestLedger(options: TestLedgerOptions = {}) {
  const database = options.beside?.database ?? (await testDatabase(MIGRATIONS));
  const now = options.now ?? systemClock;
  const writers = Array.from({ length: options.writers ?? 2 }, () =>
    openSession({ url: database.url, applicationName: 'test-writer', settings: PLAN_SETTINGS }),
  );
  const metrics = createMetrics({ service: 'test' });
  const groupCommit = new GroupCommit({
    clock: systemClock,
    writers,
    context: () => ({ nowMs: now(), businessDate: utcDate(now()) }),
    outbox: createOutbox('transactions', now),
    committed: () => undefined,
    measures: ledgerMeasures(metrics),
  });
  const ledger: Ledger = {
    index: 0,
    groupCommit,
    bulkGate: new BulkGate(() => 0),
    db: database.database,
    newId,
    accountIdsByIban: new LRUCache({ max: 100 }),
  };
  let serial = 0;
  const shards = createShards([ledger]);
  return {
    ledger,
    /** The only one. */
    shards,
    transfers: {
      shards,
      runnerOf: nowhereToCross,
      coordinatorOf: nowhereToCross,
      branchOf: nowhereToCross,
    } satisfies Transfers,
    database,
    metrics,
    /** Runs a command under a key, a new one unless told otherwise. */
    run: (command: Command, key: string = newId(0)) =>
      submitCommand(groupCommit, {
        scope: 'test',
        key,
        fingerprint: JSON.stringify(command, bigintText),
        present,
        command,
      }),
    /** Opens an account of `owner` with money in it. */
    async open(owner: string, postedMinor: bigint, more: Partial<ControlCommand> = {}): Promise<string> {
      serial += 1;
      const id = newId(0);
      await this.run(openingOf(id, owner, serial, more));
      if (postedMinor > 0n) await this.run(depositOf(id, postedMinor, more.currency));
      return id;
    },
    async close() {
      await groupCommit.close();
      await Promise.all(writers.map((writer) => writer.close()));
      if (options.beside === undefined) await database.close();
    },
  };
}

function nowhereToCross(): never {
  throw new Error('there is one shard only');
}

export type TestLedger = Awaited<ReturnType<typeof openTestLedger>>;

function openingOf(id: string, owner: string, serial: number, more: Partial<ControlCommand>): Command {
  return {
    kind: 'control',
    accountId: id,
    controlVersion: 1,
    iban: makeIban('NL', 'FLRN', 0, serial),
    holderName: owner,
    currency: 'EUR',
    status: 'active',
    owners: [owner],
    overdraftMinor: 0n,
    dailyLimitMinor: 10n ** 15n,
    transferFeeMinor: 0n,
    ...more,
  };
}

function depositOf(accountId: string, amountMinor: bigint, currency = 'EUR'): Command {
  return { kind: 'deposit', id: newId(0), actor: 'teller', accountId, amountMinor, currency, reference: '' };
}

/** A transfer command from a minimum of facts. */
export function transferOf(from: string, to: string, amountMinor: bigint, actor = 'alice'): Command {
  return {
    kind: 'transfer',
    id: newId(0),
    feeJournalId: newId(0),
    actor,
    debitAccountId: from,
    creditAccountId: to,
    amountMinor,
    currency: 'EUR',
    reference: '',
  };
}

/** What an outcome says in one word: the code of a refusal, or `ok`. */
export function wordOf(outcome: Outcome): string {
  if (outcome.kind !== 'answered') return outcome.kind;
  return outcome.status < 400 ? 'ok' : (JSON.parse(outcome.body) as { code: string }).code;
}

const present: Present = (result) =>
  result.ok
    ? { status: 200, body: JSON.stringify(result.value.accounts.map((account) => account.version)), isFinal: true }
    : { status: 422, body: JSON.stringify(result.failure), isFinal: result.failure.code !== 'account-not-found' };

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
