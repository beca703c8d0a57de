import type { Logger, Metrics } from '@florin/observability';
import type { OutgoingEvent } from './cloud-event.ts';

/** Records that wait for a database that is away: a few hundred kilobytes. What comes then is counted, and logged. */
const WAITING_MAX = 1_000;
const WRITTEN_AT_ONCE_MAX = 100;

interface QueueParts {
  readonly append: (records: readonly OutgoingEvent[]) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Records on their way into an outbox, in order, for those who can not wait for the database. */
export interface RecordQueue {
  /** Never throws: a record that finds no place is in the log. */
  add(record: OutgoingEvent): void;
  /** Writes what waits; one write at a time. Rejects when the database takes nothing: it then waits on. */
  write(): Promise<void>;
  /** Writes what waits; what the database does not take any more is logged. Never throws. */
  close(): Promise<void>;
}

export function createRecordQueue({ append, logger, metrics }: QueueParts): RecordQueue {
  const lost = metrics.counter('florin_audit_records_lost_total', 'Records that are in the log alone');
  const waiting: OutgoingEvent[] = [];
  let writing: Promise<void> | undefined;

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

  return {
    add(record) {
      if (waiting.length < WAITING_MAX) {
        waiting.push(record);
        return;
      }
      lost.inc();
      logger.error({ record: record.data }, 'an audit record found no place');
    },
    write,
    async close() {
      try {
        await write();
      } catch (error) {
        lost.inc(waiting.length);
        logger.error({ err: error, records: waiting.map(({ data }) => data) }, 'audit records are in this line alone');
      }
    },
  };
}
