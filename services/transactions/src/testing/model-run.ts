import { sql } from '@florin/postgres';
import { newId, utcDate } from '@florin/primitives';
import type { FakeClock } from '@florin/testing';
import type { Command, TransferCommand } from '../domain/command.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { loadHolds } from '../repositories/holds.ts';
import type { Outcome, Present } from '../use-cases/submission.ts';
import { type KeyedCommand, submitCommand } from '../use-cases/submit-command.ts';
import { submitTransferBatch } from '../use-cases/submit-transfer-batch.ts';
import { ModelLedger } from './model-ledger.ts';
import { ACCOUNTS, commandOf, type Request, type Round } from './random-commands.ts';
import type { TestLedger } from './test-ledger.ts';

/** A command under its key. */
interface Entry {
  readonly key: string;
  readonly fingerprint: string;
  readonly command: Command;
}
/** A request as it is submitted, perhaps more than once. */
interface Submitted extends Entry {
  readonly mode: Request['mode'];
  /** The transfers of a batch. */
  readonly items: readonly Entry[];
}
interface Remembered {
  readonly fingerprint: string;
  readonly answer: string;
}

/** Runs one random history through a ledger and through the model, and says where they differ. */
export class ModelRun {
  readonly model = new ModelLedger();
  readonly #bank: TestLedger;
  readonly #clock: FakeClock;
  readonly #accountIds: readonly string[];
  readonly #keys = new Map<string, Remembered>();
  readonly #batchKeys = new Map<string, Remembered>();
  readonly #past: Submitted[] = [];
  /** The order in which commands were decided; where two writers work, it is not that of submission. */
  #decided = new Set<Entry>();

  constructor(bank: TestLedger, clock: FakeClock) {
    this.#bank = bank;
    this.#clock = clock;
    this.#accountIds = Array.from({ length: ACCOUNTS }, () => newId(0));
  }

  /** Opens all accounts but the last, with a little money. */
  async open(): Promise<void> {
    for (const [index, accountId] of this.#accountIds.slice(0, -1).entries()) {
      const currency = index === 3 ? 'USD' : 'EUR';
      const control: Command = {
        kind: 'control',
        accountId,
        controlVersion: 1,
        iban: `IBAN ${accountId}`,
        holderName: '',
        currency,
        status: 'active',
        owners: [index < 2 ? 'alice' : 'bob'],
        overdraftMinor: 0n,
        dailyLimitMinor: 400n,
        transferFeeMinor: index === 1 ? 2n : 0n,
      };
      const money = { id: newId(0), actor: 'tessa', accountId, amountMinor: 200n, currency, reference: '' };
      for (const command of [control, { kind: 'deposit' as const, ...money }]) {
        this.model.apply(command, this.#moment());
        await this.#bank.run(command);
      }
    }
  }

  /** Submits a round at once; answers what the ledger said and what it should have said. */
  async play(round: Round): Promise<{ actual: string[]; expected: string[] }> {
    if (round.daysPass) this.#clock.advance(24 * 3_600_000);
    const submitted = round.requests.map((request) => this.#prepare(request));
    this.#decided = new Set();
    const outcomes = await Promise.all(submitted.map((request) => this.#submit(request)));
    const expected = this.#expect(submitted);
    this.#past.push(...submitted);
    return { actual: outcomes.map(wordOf), expected };
  }

  /** What is in the database and what should be, and every version in its events, in order. */
  async compare(): Promise<{ actual: unknown; expected: unknown }> {
    const db = this.#bank.database.database;
    const { accounts, holds } = this.model.state;
    const rows = await findAccounts(db, [...accounts.keys()]);
    const held = await loadHolds(db, [...holds.keys()]);
    return {
      actual: [
        ...rows
          .map((a) => `${a.id}:${a.status}:${a.postedMinor}:${a.heldMinor}:${a.spentTodayMinor}:${a.version}`)
          .sort(),
        ...held.map((hold) => `${hold.id}:${hold.status}:${hold.capturedMinor}`).sort(),
        ...(await this.#eventVersions()),
      ],
      expected: [
        ...[...accounts.keys()].map((id) => this.model.describe(id)).sort(),
        ...[...holds].map(([id, hold]) => `${id}:${hold.status}:${hold.captured}`).sort(),
        ...[...accounts].map(([id, { version }]) => `${id} ${Array.from({ length: version }, (_, n) => n + 1)}`).sort(),
      ],
    };
  }

  /** The versions of each account as its events tell them, in the order of the outbox. */
  async #eventVersions(): Promise<string[]> {
    // Nothing relays them here; deleting them keeps a long series of runs from reading the old ones again.
    const rows = await this.#bank.database.database.query<{ events: string }>(
      sql`WITH gone AS (DELETE FROM outbox RETURNING id, events) SELECT events FROM gone ORDER BY id`,
    );
    const versions = new Map<string, number[]>();
    for (const row of rows) {
      for (const event of JSON.parse(row.events) as { type: string; data: { accountId: string; version: number } }[]) {
        if (event.type !== 'transactions.account-changed.v1') continue;
        if (!this.model.state.accounts.has(event.data.accountId)) continue;
        versions.set(event.data.accountId, [...(versions.get(event.data.accountId) ?? []), event.data.version]);
      }
    }
    return [...versions].map(([id, seen]) => `${id} ${seen}`).sort();
  }

  #moment() {
    return { nowMs: this.#clock(), day: utcDate(this.#clock()) };
  }

  #prepare(request: Request): Submitted {
    const before = this.#past[this.#past.length - 1 - request.back];
    if (request.key !== 'new' && before !== undefined) {
      return request.key === 'same' ? before : { ...before, fingerprint: `${before.fingerprint} changed` };
    }
    const { holds, journals, accounts } = this.model.state;
    const entries = request.wishes.map((wish): Entry => {
      const command = commandOf(wish, {
        accountIds: this.#accountIds,
        holds: [...holds].map(([id, { account, amount, isSagas }]) => ({ id, account, amount, isSagas })),
        journals: [...journals].map(([id, { kind, from, to, claimedBy }]) => ({ id, kind, from, to, claimedBy })),
        nowMs: this.#clock(),
        controlVersionOf: (id) => accounts.get(id)?.control ?? 0,
      });
      return { key: newId(0), fingerprint: newId(0), command };
    });
    const [first, second, ...rest] = entries;
    if (first === undefined) throw new Error('a request holds at least one wish');
    const repeated = request.repeatsItemKey && second !== undefined ? { ...second, key: first.key } : second;
    const items = [first, ...(repeated === undefined ? [] : [repeated]), ...rest];
    return { ...first, key: newId(0), mode: request.mode, items: request.mode === 'single' ? [] : items };
  }

  #submit(request: Submitted): Promise<Outcome> {
    const { ledger } = this.#bank;
    if (request.mode === 'single') return submitCommand(ledger.groupCommit, this.#keyed(request, request));
    return submitTransferBatch(this.#bank.transfers, {
      scope: 'batch',
      actor: 'alice',
      key: request.key,
      fingerprint: request.fingerprint,
      mode: request.mode,
      items: request.items.map((item) => {
        const command = asTransfer(item.command);
        const keyed = this.#keyed(item, request.mode === 'atomic' ? request : item);
        return {
          keyed: {
            ...keyed,
            command,
            presentPending: keyed.present,
            presentTwoPhase: keyed.present,
            coordination: 'saga',
          },
        };
      }),
      describe: (kind) => ({ status: 409, body: JSON.stringify(kind), isFinal: false }),
      crossesShards: { status: 422, body: JSON.stringify('batch-crosses-shards'), isFinal: false },
      notApplied: { status: 422, body: JSON.stringify('batch-not-applied'), isFinal: true },
    });
  }

  #keyed(entry: Entry, decidedAs: Entry): KeyedCommand {
    const present: Present = (result) => {
      // Deciding again, after a collision in the database, moves it to the end: only the last time counts.
      this.#decided.delete(decidedAs);
      this.#decided.add(decidedAs);
      const word = result.ok
        ? [
            'ok',
            ...result.value.accounts
              .map((a) => `${a.id}:${a.status}:${a.postedMinor}:${a.heldMinor}:${a.spentTodayMinor}:${a.version}`)
              .sort(),
          ].join(' ')
        : result.failure.code;
      return { status: result.ok ? 200 : 422, body: JSON.stringify(word), isFinal: !word.endsWith('not-found') };
    };
    return { scope: 'command', ...entry, present };
  }

  #expect(submitted: readonly Submitted[]): string[] {
    const claimed = new Set<string>();
    const answers = new Map<number, string>();
    const work: { entry: Entry; run: () => void }[] = [];
    for (const [index, request] of submitted.entries()) {
      const isBatch = request.mode !== 'single';
      const keys = [`${isBatch} ${request.key}`, ...(request.mode === 'atomic' ? request.items.map((i) => i.key) : [])];
      if (keys.some((key) => claimed.has(key))) {
        answers.set(index, 'key-in-flight');
        continue;
      }
      for (const key of keys) claimed.add(key);
      const known = recall(isBatch ? this.#batchKeys : this.#keys, request);
      if (known !== null) answers.set(index, known);
      else if (request.mode === 'single') {
        work.push({ entry: request, run: () => answers.set(index, this.#single(request)) });
      } else if (request.mode === 'atomic') {
        work.push({ entry: request, run: () => answers.set(index, this.#atomic(request)) });
      } else work.push(...this.#independent(request, (answer) => answers.set(index, answer)));
    }
    const order = [...this.#decided];
    const place = (entry: Entry): number => (order.includes(entry) ? order.indexOf(entry) : order.length);
    for (const { run } of work.sort((a, b) => place(a.entry) - place(b.entry))) run();
    return submitted.map((_, index) => answers.get(index) ?? 'no answer');
  }

  #single(entry: Entry): string {
    const answer = this.model.apply(entry.command, this.#moment());
    if (!answer.endsWith('not-found')) this.#keys.set(entry.key, { fingerprint: entry.fingerprint, answer });
    return answer;
  }

  #atomic(batch: Submitted): string {
    const answers: string[] = [];
    this.model.atomically(() => {
      for (const item of batch.items) {
        const isUsed = this.#keys.has(item.key) || batch.items.indexOf(item) !== firstWithKey(batch.items, item.key);
        answers.push(isUsed ? 'key-reused' : this.model.apply(item.command, this.#moment()));
        if (!answers.at(-1)?.startsWith('ok')) return false;
      }
      return true;
    });
    const culprit = answers.findIndex((answer) => !answer.startsWith('ok'));
    const refusal = answers[culprit];
    const shown = batch.items.map((_, index) =>
      refusal === undefined ? (answers[index] ?? '') : index === culprit ? refusal : 'batch-not-applied',
    );
    const answer = shown.join(', ');
    if (refusal === undefined) {
      for (const [index, item] of batch.items.entries()) {
        this.#keys.set(item.key, { fingerprint: item.fingerprint, answer: shown[index] ?? '' });
      }
    }
    const isFinal = refusal !== 'key-reused' && !refusal?.endsWith('not-found');
    if (isFinal) this.#batchKeys.set(batch.key, { fingerprint: batch.fingerprint, answer });
    return answer;
  }

  #independent(batch: Submitted, settle: (answer: string) => void): { entry: Entry; run: () => void }[] {
    const answers: string[] = batch.items.map(() => 'key-reused');
    const undecided = new Set(batch.items.map((_, index) => index));
    const finish = (): void => {
      settle(answers.join(', '));
      this.#batchKeys.set(batch.key, { fingerprint: batch.fingerprint, answer: answers.join(', ') });
    };
    return batch.items.map((item, index) => ({
      entry: item,
      run: () => {
        undecided.delete(index);
        if (firstWithKey(batch.items, item.key) === index) {
          // Inside a batch nothing says that an item was answered before.
          answers[index] = recall(this.#keys, item)?.replace(/^again /, '') ?? this.#single(item);
        }
        if (undecided.size === 0) finish();
      },
    }));
  }
}

function firstWithKey(items: readonly Entry[], key: string): number {
  return items.findIndex((item) => item.key === key);
}

function asTransfer(command: Command): TransferCommand {
  if (command.kind !== 'transfer') throw new Error('batches hold transfers');
  return command;
}

function recall(keys: ReadonlyMap<string, Remembered>, entry: Entry): string | null {
  const known = keys.get(entry.key);
  if (known === undefined) return null;
  return known.fingerprint === entry.fingerprint ? `again ${known.answer}` : 'key-reused';
}

/** An outcome as one line: the answer, and whether it was remembered. */
function wordOf(outcome: Outcome): string {
  if (outcome.kind !== 'answered') return outcome.kind;
  const body = JSON.parse(outcome.body) as string | { items: { transfer?: string; problem?: string }[] };
  const word =
    typeof body === 'string' ? body : body.items.map((item) => item.transfer ?? item.problem ?? '').join(', ');
  return outcome.isReplay ? `again ${word}` : word;
}
