import { currentTrace, tracedBatch } from '@florin/observability';
import type { Session } from '@florin/postgres';
import { type Clock, Fault } from '@florin/primitives';
import { ParkedSubmissions } from './parked-submissions.ts';
import { type BatchDeps, runBatch } from './run-batch.ts';
import { keyText, type Outcome, type Submission } from './submission.ts';
import type { Waiting } from './waiting.ts';

/** Beyond this many waiting submissions a new one is refused with 503: at 5,000 a second that is under a second. */
const QUEUE_ITEMS_MAX = 4_096;
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
/** One account may fill a quarter of the queue, so a run on it leaves room for everyone else. */
const ITEMS_PER_ACCOUNT_MAX = QUEUE_ITEMS_MAX / 4;
/**
 * Larger batches hardly commit faster and make the first in line wait for the last. An atomic batch may be heavier
 * alone; it then shares its commit with few others, and never with another like it.
 */
const BATCH_WEIGHT_MAX = 512;
/**
 * While a batch runs, another writer takes a second one only when this many wait. A batch costs a dozen statements
 * whatever its size, so tiny ones waste the processor; in one run with 128 clients 24 booked a sixth more than 12 or 64.
 */
const FURTHER_BATCH_ITEMS_MIN = 24;
/** How long a submission may wait for a database that is away; clients are told to come back within 2 s. */
const WAIT_FOR_DATABASE_MS = 1_500;
const RECONNECT_PAUSE_MS = 100;

/**
 * Group commit: submissions that arrive while earlier batches commit go down together in the next one. No timer:
 * an idle ledger commits a lone transfer at once, a busy one shares each fsync among all that wait.
 */
export class GroupCommit {
  readonly #deps: BatchDeps;
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  readonly #parked: ParkedSubmissions;
  /** Accounts in a batch that is running in this process: their next items wait here rather than at a row lock. */
  readonly #accountsInBatch = new Set<string>();
  readonly #perAccount = new Map<string, number>();
  readonly #keysInFlight = new Set<string>();
  readonly #idleWriters: Session[];
  readonly #runs = new Set<Promise<void>>();
  #queuedBytes = 0;
  #isClosed = false;

  constructor(deps: BatchDeps & { readonly clock: Clock; readonly writers: readonly Session[] }) {
    this.#deps = deps;
    this.#clock = deps.clock;
    this.#idleWriters = [...deps.writers];
    this.#parked = new ParkedSubmissions(deps.clock, (waiting) => this.#enqueue(waiting));
  }

  /** How many submissions wait, for the metric. */
  get depth(): number {
    return this.#queue.length + this.#parked.size;
  }

  /** Queues a submission; see `submitCommand` for how it may end. */
  submit(submission: Submission): Promise<Outcome> {
    const inFlight = this.#claimKeys(submission);
    if (inFlight !== null) return Promise.resolve(inFlight);
    const refusal = this.#admit(submission);
    if (refusal !== null) {
      this.#releaseKeys(submission);
      this.#deps.measures.turnedAway(submission.name);
      return Promise.reject(refusal);
    }
    const { measures } = this.#deps;
    return new Promise<Outcome>((resolve, reject) => {
      // Once only: a batch that was halved may lose its connection after its first half was answered.
      const done =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          if (waiting.isSettled) return;
          waiting.isSettled = true;
          this.#discharge(submission);
          settle(value);
        };
      const waiting: Waiting = {
        submission,
        submittedAtMs: this.#clock(),
        trace: currentTrace(),
        attempts: 0,
        isSettled: false,
        resolve: done((outcome) => {
          measures.answered(submission.name, outcome, this.#clock() - waiting.submittedAtMs);
          resolve(outcome);
        }),
        reject: done((reason) => {
          measures.failed(submission.name, this.#clock() - waiting.submittedAtMs);
          reject(reason);
        }),
      };
      this.#queue.push(waiting);
      this.#schedule();
    });
  }

  /** Lets everything that was admitted finish; refuses what comes after. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#parked.flush();
    while (this.#runs.size > 0) await Promise.allSettled([...this.#runs]);
  }

  #claimKeys(submission: Submission): Outcome | null {
    for (const key of submission.keys) {
      if (this.#keysInFlight.has(keyText(key))) return { kind: 'key-in-flight' };
    }
    for (const key of submission.keys) this.#keysInFlight.add(keyText(key));
    return null;
  }

  #releaseKeys(submission: Submission): void {
    for (const key of submission.keys) this.#keysInFlight.delete(keyText(key));
  }

  #admit(submission: Submission): Fault | null {
    if (this.#isClosed) return new Fault('shutting-down', 'the ledger is closing', RETRY_SOON);
    if (this.#keysInFlight.size > QUEUE_ITEMS_MAX || this.#queuedBytes + submission.bytes > QUEUE_BYTES_MAX) {
      return new Fault('ledger-overloaded', 'too many transfers are waiting', RETRY_SOON);
    }
    for (const id of submission.accountIds) {
      if ((this.#perAccount.get(id) ?? 0) >= ITEMS_PER_ACCOUNT_MAX) {
        return new Fault('ledger-overloaded', 'too many transfers of one account are waiting', RETRY_SOON);
      }
    }
    this.#queuedBytes += submission.bytes;
    for (const id of submission.accountIds) this.#perAccount.set(id, (this.#perAccount.get(id) ?? 0) + 1);
    return null;
  }

  #discharge(submission: Submission): void {
    this.#releaseKeys(submission);
    this.#queuedBytes -= submission.bytes;
    for (const id of submission.accountIds) {
      const count = (this.#perAccount.get(id) ?? 1) - 1;
      if (count === 0) this.#perAccount.delete(id);
      else this.#perAccount.set(id, count);
    }
  }

  #enqueue(waiting: readonly Waiting[]): void {
    this.#queue.unshift(...waiting);
    this.#schedule();
  }

  /** Starts a batch when a writer is idle and there is something to write; on a further writer, when there is much. */
  #schedule(): void {
    if (this.#idleWriters.length === 0 || this.#queue.length === 0) return;
    if (this.#runs.size > 0 && this.#queue.length < FURTHER_BATCH_ITEMS_MIN) return;
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    const writer = this.#idleWriters.pop();
    if (writer === undefined) return;
    const accountIds = batch.flatMap((waiting) => waiting.submission.accountIds);
    for (const id of accountIds) this.#accountsInBatch.add(id);
    const run = this.#run(writer, batch).finally(() => {
      for (const id of accountIds) this.#accountsInBatch.delete(id);
      this.#idleWriters.push(writer);
      this.#runs.delete(run);
      this.#schedule();
    });
    this.#runs.add(run);
  }

  /**
   * The first in line whose accounts are in no running batch. The others keep their places, and nobody who needs one
   * of their accounts goes before them: a transfer between two busy accounts would otherwise wait for ever.
   */
  #takeBatch(): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const awaited = new Set<string>();
    let weight = 0;
    let seen = 0;
    for (const waiting of this.#queue) {
      if (weight >= BATCH_WEIGHT_MAX) break;
      seen += 1;
      const { accountIds } = waiting.submission;
      if (accountIds.some((id) => this.#accountsInBatch.has(id) || awaited.has(id))) {
        for (const id of accountIds) awaited.add(id);
        left.push(waiting);
      } else {
        taken.push(waiting);
        weight += waiting.submission.weight;
      }
    }
    this.#queue.splice(0, seen, ...left);
    return taken;
  }

  async #run(writer: Session, batch: readonly Waiting[]): Promise<void> {
    const startedAtMs = this.#clock();
    try {
      const busy = await tracedBatch(
        () => ({
          name: 'ledger batch',
          attributes: { 'florin.service': 'transactions', 'florin.batch.size': batch.length },
          causes: batch.map(({ trace }) => trace),
        }),
        () => runBatch(this.#deps, writer, batch),
      );
      for (const { waiting, accountId } of busy) this.#parked.park(waiting, accountId);
    } catch (error) {
      if (error instanceof Fault && error.code === 'database-unavailable') await this.#retryLater(batch, error);
      else for (const waiting of batch) waiting.reject(error);
    } finally {
      this.#deps.measures.ran(batch.length, this.#clock() - startedAtMs);
    }
  }

  /**
   * The connection was lost, perhaps after the commit: the batch runs again, and the keys that were committed
   * answer for themselves. Whoever has waited too long is told to come back with the same key.
   */
  async #retryLater(batch: readonly Waiting[], fault: Fault): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS));
    const oldestMs = this.#clock() - WAIT_FOR_DATABASE_MS;
    // Those behind wait for the same database; they need not be tried one batch after the other first.
    const all = [...batch, ...this.#queue];
    for (const waiting of all) if (waiting.submittedAtMs <= oldestMs) waiting.reject(fault);
    this.#queue.splice(0, this.#queue.length, ...all.filter((waiting) => !waiting.isSettled));
  }
}

const RETRY_SOON = { retryable: true, retryAfterSeconds: 1 } as const;
