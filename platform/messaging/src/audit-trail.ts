import type { AuditTrail, Denial } from '@florin/http';
import type { Logger, Metrics } from '@florin/observability';
import { bucketOfCustomer, type Clock, type NewId } from '@florin/primitives';
import { type Audited, auditEvent } from './audit-event.ts';
import type { OutgoingEvent } from './cloud-event.ts';

/** How long refusals of one person at one operation are counted before they are written as one record. */
const WINDOW_MS = 60_000;
/** Pairs of person and operation counted at a time. Past it the oldest is written early, so that nothing is forgotten. */
const WINDOWS_MAX = 1_000;
/** Records that wait for a database that is away: a few hundred kilobytes. What comes then is counted, and logged. */
const WAITING_MAX = 1_000;
const WRITTEN_AT_ONCE_MAX = 100;

export interface AuditTrailOptions {
  /** Writes records into the outbox of the service. */
  readonly append: (records: readonly OutgoingEvent[]) => Promise<void>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Codes of refusals that the service records itself, with the change that was refused. */
  readonly recordedElsewhere?: ReadonlySet<string>;
}

export interface WrittenTrail extends AuditTrail {
  /** Writes what is due: windows that are over, and what could not be written before. Called every second. */
  flush(): Promise<void>;
  /** Writes everything that is counted or waits; what the database does not take any more is logged. Never throws. */
  close(): Promise<void>;
}

/** Refusals of one person at one operation since the first of them was written. */
interface Window {
  readonly endsAtMs: number;
  /** Not on record yet. */
  more: number;
  latest: Denial;
}

/**
 * The audit trail of a service in its outbox. The first refusal of a person at an operation is written at once; those of the
 * next minute are counted and written as one record, so that whoever asks a thousand times a second does not fill the
 * disk: at most two records a minute for each pair, and the metric says how many were put together.
 */
export function createAuditTrail(options: AuditTrailOptions): WrittenTrail {
  const { append, clock, newId, logger, metrics, recordedElsewhere = new Set() } = options;
  const heard = metrics.counter('florin_audit_refusals_total', 'Requests of known people that were denied', [
    'outcome',
  ]);
  const coalesced = metrics.counter(
    'florin_audit_refusals_coalesced_total',
    'Refusals that share a record with others of the same person and operation',
  );
  const lost = metrics.counter('florin_audit_records_lost_total', 'Records that are in the log alone');
  // In the order they were opened, which is the order they end in.
  const windows = new Map<string, Window>();
  const waiting: OutgoingEvent[] = [];
  let writing: Promise<void> | undefined;

  function eventOf({ caller, outcome, resource, reason }: Denial, count: number): OutgoingEvent {
    return recordOf(caller, { resource, outcome, reason, ...(count === 1 ? {} : { count }) });
  }

  function recordOf(caller: Denial['caller'], about: Omit<Audited, 'id' | 'action' | 'at'>): OutgoingEvent {
    const id = newId(bucketOfCustomer(caller.subject));
    const at = new Date(clock()).toISOString();
    return auditEvent(caller, { id, action: caller.origin.operationId, at, ...about });
  }

  function enqueue(record: OutgoingEvent): void {
    if (waiting.length < WAITING_MAX) waiting.push(record);
    else {
      lost.inc();
      logger.error({ record: record.data }, 'an audit record found no place');
    }
  }

  function endWindow(key: string, { more, latest }: Window): void {
    windows.delete(key);
    if (more === 0) return;
    coalesced.inc(more - 1);
    enqueue(eventOf(latest, more));
  }

  function endWindows(nowMs: number): void {
    for (const [key, window] of windows) {
      if (window.endsAtMs > nowMs) break;
      endWindow(key, window);
    }
  }

  /** One write at a time; what it could not write comes first the next time. */
  function write(): Promise<void> {
    writing ??= writeWaiting().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const records = waiting.slice(0, WRITTEN_AT_ONCE_MAX);
      await append(records);
      waiting.splice(0, records.length);
    }
  }

  /** For those who can not wait; the next flush tries again. */
  function writeSoon(): void {
    write().catch((error: unknown) => logger.warn({ err: error }, 'audit records wait to be written'));
  }

  return {
    denied(denial) {
      if (recordedElsewhere.has(denial.reason)) return;
      heard.inc({ outcome: denial.outcome });
      const key = `${denial.caller.subject} ${denial.caller.origin.operationId}`;
      const nowMs = clock();
      const window = windows.get(key);
      if (window !== undefined && window.endsAtMs > nowMs) {
        window.more += 1;
        window.latest = denial;
        return;
      }
      if (window !== undefined) endWindow(key, window);
      const oldest = windows.size < WINDOWS_MAX ? undefined : windows.entries().next().value;
      if (oldest !== undefined) endWindow(...oldest);
      windows.set(key, { endsAtMs: nowMs + WINDOW_MS, more: 0, latest: denial });
      enqueue(eventOf(denial, 1));
      writeSoon();
    },
    read: ({ caller, resource }) => append([recordOf(caller, { resource })]),
    flush() {
      endWindows(clock());
      return write();
    },
    async close() {
      endWindows(Number.POSITIVE_INFINITY);
      try {
        await write();
      } catch (error) {
        lost.inc(waiting.length);
        logger.error({ err: error, records: waiting.map(({ data }) => data) }, 'audit records are in this line alone');
      }
    },
  };
}
