import type { Metrics } from '@florin/observability';
import type { Journal } from '../domain/journal.ts';
import type { Reconciliation } from './reconcile.ts';
import type { Outcome } from './submission.ts';

/** How a submission ended, for the metric: what an `Outcome` says, or that there was none. */
type Ending = 'accepted' | 'refused' | 'replayed' | 'overloaded' | 'failed' | Exclude<Outcome['kind'], 'answered'>;

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** With a label, nothing is said before the first proof; without, it would be 0, as of books that do not balance. */
const MODE = ['mode'];
type Proof = Pick<Reconciliation, 'mode' | 'balanced' | 'startedAtMs'>;

/** What an operator can see of the ledger. Labels are kinds of commands and of journals, so their number is bounded. */
export function ledgerMeasures(metrics: Metrics) {
  const commands = metrics.histogram(
    'florin_ledger_command_duration_seconds',
    'From the moment a command was handed in to its answer',
    ['command', 'outcome'],
  );
  const sizes = metrics.histogram(
    'florin_ledger_batch_size',
    'Submissions that were decided together',
    [],
    BATCH_SIZES,
  );
  const batches = metrics.histogram('florin_ledger_batch_duration_seconds', 'From the locks of a batch to its commit');
  const journals = metrics.counter('florin_ledger_journals_total', 'Journals that group commit booked', ['kind']);
  const postings = metrics.counter('florin_ledger_postings_total', 'Postings that group commit booked');
  const depth = metrics.gauge('florin_ledger_queue_depth', 'Submissions that wait for a batch');
  const balanced = metrics.gauge(
    'florin_ledger_books_balanced',
    '1 when the last proof of its kind had no finding',
    MODE,
  );
  const provenAt = metrics.gauge(
    'florin_ledger_proof_timestamp_seconds',
    'When the last proof of its kind began',
    MODE,
  );
  const holds = metrics.gauge('florin_ledger_open_holds', 'Holds that are open, counted up to a bound', ['shard']);
  const oldestHold = metrics.gauge(
    'florin_ledger_open_hold_oldest_seconds',
    'Age of the oldest of the open holds that were counted; 0 when there is none',
    ['shard'],
  );

  // Looking a sample up by its labels costs more than adding to it.
  const observers = new Map<string, { observe(seconds: number): void }>();
  const settled = (command: string, outcome: Ending, seconds: number): void => {
    const key = `${command} ${outcome}`;
    const observer = observers.get(key) ?? commands.labels({ command, outcome });
    observers.set(key, observer);
    observer.observe(seconds);
  };
  return {
    answered: (command: string, outcome: Outcome, ms: number) => settled(command, endingOf(outcome), ms / 1_000),
    failed: (command: string, ms: number) => settled(command, 'failed', ms / 1_000),
    turnedAway: (command: string) => settled(command, 'overloaded', 0),
    /** A batch was run to its end, whatever became of it. */
    ran(submissions: number, ms: number): void {
      sizes.observe(submissions);
      batches.observe(ms / 1_000);
    },
    committed(booked: readonly Journal[]): void {
      for (const { kind, postings: lines } of booked) {
        journals.inc({ kind });
        postings.inc(lines.length);
      }
    },
    waiting: (submissions: number) => depth.set(submissions),
    proven({ mode, balanced: isBalanced, startedAtMs }: Proof): void {
      balanced.set({ mode }, isBalanced ? 1 : 0);
      provenAt.set({ mode }, startedAtMs / 1_000);
    },
    held(shard: number, { count, oldestMs }: { readonly count: number; readonly oldestMs: number }): void {
      holds.set({ shard }, count);
      oldestHold.set({ shard }, oldestMs / 1_000);
    },
  };
}

export type LedgerMeasures = ReturnType<typeof ledgerMeasures>;

function endingOf(outcome: Outcome): Ending {
  if (outcome.kind !== 'answered') return outcome.kind;
  if (outcome.isReplay) return 'replayed';
  return outcome.status < 400 ? 'accepted' : 'refused';
}
