import type { AuditTrail, Denial } from '@florin/http';
import type { Logger, Metrics } from '@florin/observability';
import { bucketOfCustomer, type Clock, type NewId } from '@florin/primitives';
import { type Audited, auditEvent } from './audit-event.ts';
import type { OutgoingEvent } from './cloud-event.ts';
import { createRecordQueue } from './record-queue.ts';

/** How long refusals of one person at one operation are counted before they are written as one record. */
const WINDOW_MS = 60_000;
/** Pairs of person and operation counted at a time. Past it the oldest is written early, so that nothing is forgotten. */
const WINDOWS_MAX = 1_000;

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

/**
 * The audit trail of a service in its outbox. The first refusal of a person at an operation is written at once; those of the
 * next minute are counted and written as one record, so that whoever asks a thousand times a second does not fill the
 * disk: at most two records a minute for each pair, and the metric says how many were put together.
 */
export function createAuditTrail(options: AuditTrailOptions): WrittenTrail {
  const { append, clock, newId, logger, metrics, recordedElsewhere = NONE } = options;
  const heard = metrics.counter('florin_audit_refusals_total', 'Requests of known people that were denied', [
    'outcome',
  ]);
  const queue = createRecordQueue({ append, logger, metrics });
  const recordOf = (caller: Denial['caller'], about: Omit<Audited, 'id' | 'action' | 'at'>): OutgoingEvent => {
    const id = newId(bucketOfCustomer(caller.subject));
    const at = new Date(clock()).toISOString();
    return auditEvent(caller, { id, action: caller.origin.operationId, at, ...about });
  };
  const windows = createWindows(metrics, ({ caller, ...denied }, count) =>
    queue.add(recordOf(caller, { ...denied, ...(count === 1 ? {} : { count }) })),
  );

  return {
    denied(denial) {
      if (recordedElsewhere.has(denial.reason)) return;
      heard.inc({ outcome: denial.outcome });
      if (!windows.count(denial, clock())) return;
      queue.write().catch((error: unknown) => logger.warn({ err: error }, 'audit records wait to be written'));
    },
    read: ({ caller, resource }) => append([recordOf(caller, { resource })]),
    flush() {
      windows.end(clock());
      return queue.write();
    },
    close() {
      windows.end(Number.POSITIVE_INFINITY);
      return queue.close();
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Refusals of one person at one operation since the first of them was written. */
interface Window {
  readonly endsAtMs: number;
  /** Not written yet. */
  more: number;
  latest: Denial;
}

/** Counts refusals; `write` is told of the first, and at the end of its minute of how many more there were. */
function createWindows(metrics: Metrics, write: (denial: Denial, count: number) => void) {
  const coalesced = metrics.counter(
    'florin_audit_refusals_coalesced_total',
    'Refusals that share a record with others of the same person and operation',
  );
  // In the order they were opened, which is the order they end in.
  const windows = new Map<string, Window>();

  function close(key: string, { more, latest }: Window): void {
    windows.delete(key);
    if (more === 0) return;
    coalesced.inc(more - 1);
    write(latest, more);
  }

  return {
    /** False when it is only counted. */
    count(denial: Denial, nowMs: number): boolean {
      const key = `${denial.caller.subject} ${denial.caller.origin.operationId}`;
      const known = windows.get(key);
      if (known !== undefined && known.endsAtMs > nowMs) {
        known.more += 1;
        known.latest = denial;
        return false;
      }
      if (known !== undefined) close(key, known);
      const oldest = windows.size < WINDOWS_MAX ? undefined : windows.entries().next().value;
      if (oldest !== undefined) close(...oldest);
      windows.set(key, { endsAtMs: nowMs + WINDOW_MS, more: 0, latest: denial });
      write(denial, 1);
      return true;
    },
    /** Ends those whose minute is over. */
    end(nowMs: number): void {
      for (const [key, window] of windows) {
        if (window.endsAtMs > nowMs) break;
        close(key, window);
      }
    },
  };
}
