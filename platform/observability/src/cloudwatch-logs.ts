import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Logger } from './logger.ts';

export interface CloudWatchOptions {
  /** It must be there: who makes it decides how long lines are kept. */
  readonly logGroup: string;
  /** Made when it is missing; of this process alone. */
  readonly logStream: string;
  /** Another address than that of AWS, for tests. */
  readonly endpoint?: string | undefined;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Called with how many lines found no place, or were refused. */
  readonly dropped: (lines: number) => void;
}

/** Where lines go that nobody waits for. */
export interface LineSink {
  /** Never waits and never throws: a line that finds no place is counted. */
  write(line: string): void;
  /** Sends what waits, within a bound, and ends. */
  close(): Promise<void>;
}

/** What may wait: some minutes of a large process. */
const WAITING_LINES_MAX = 10_000;
const WAITING_BYTES_MAX = 8 * 1024 * 1024;
/** Limits of one PutLogEvents; each event counts for its text and 26 bytes. */
const SENT_LINES_MAX = 10_000;
const SENT_BYTES_MAX = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
/** Longer lines are refused, whole batches with them. */
const LINE_BYTES_MAX = 256 * 1024 - EVENT_OVERHEAD_BYTES;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 60_000;
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;
const CLOSE_WAIT_MS = 1_500;

interface Queue {
  readonly events: InputLogEvent[];
  bytes: number;
}

/**
 * Sends lines to CloudWatch Logs, in order, one request at a time, and again when it is not known whether they were taken. While it is away they wait, up to a bound, and it is asked
 * again after half a second, then twice that, up to a minute.
 */
export function openCloudWatchLogs(options: CloudWatchOptions): LineSink {
  const client = new CloudWatchLogsClient({
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    // How often is decided here: the SDK would try by itself while the queue fills.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Else it says so on standard error and waits on.
      throwOnRequestTimeout: true,
    },
  });
  const queue: Queue = { events: [], bytes: 0 };
  const ending = new AbortController();
  let isClosed = false;
  let sending: Promise<void> | undefined;
  let hasStream = false;

  async function sendAll(): Promise<void> {
    let failures = 0;
    while (queue.events.length > 0 && (failures === 0 || !ending.signal.aborted)) {
      try {
        if (!hasStream) await makeStream(client, options);
        hasStream = true;
        await sendNext(client, queue, options);
        failures = 0;
      } catch (error) {
        failures += 1;
        hasStream = false;
        options.logger.warn({ err: error, waiting: queue.events.length }, 'CloudWatch did not take the lines');
        const backoffMs = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 10), BACKOFF_MAX_MS);
        await sleep(backoffMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line) + EVENT_OVERHEAD_BYTES;
      const isFull = queue.events.length >= WAITING_LINES_MAX || queue.bytes + bytes > WAITING_BYTES_MAX;
      if (isClosed || isFull || bytes > LINE_BYTES_MAX) return options.dropped(1);
      queue.events.push({ message: line, timestamp: options.nowMs() });
      queue.bytes += bytes;
      sending ??= sendAll().finally(() => {
        sending = undefined;
      });
    },
    async close() {
      isClosed = true;
      ending.abort();
      await Promise.race([sending, sleep(CLOSE_WAIT_MS, undefined, { ref: false })]);
      if (queue.events.length > 0) options.dropped(queue.events.length);
      client.destroy();
    },
  };
}

async function makeStream(client: CloudWatchLogsClient, { logGroup, logStream }: CloudWatchOptions): Promise<void> {
  try {
    await client.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName: logStream }));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

async function sendNext(client: CloudWatchLogsClient, queue: Queue, options: CloudWatchOptions): Promise<void> {
  const { logGroup, logStream, dropped } = options;
  const { events, bytes } = nextOf(queue.events);
  const answer = await client.send(
    new PutLogEventsCommand({ logGroupName: logGroup, logStreamName: logStream, logEvents: [...events] }),
  );
  queue.events.splice(0, events.length);
  queue.bytes -= bytes;
  const refused = refusedOf(answer.rejectedLogEventsInfo, events.length);
  if (refused > 0) dropped(refused);
}

/** As many as one request takes. */
function nextOf(waiting: readonly InputLogEvent[]): {
  readonly events: readonly InputLogEvent[];
  readonly bytes: number;
} {
  let bytes = 0;
  let count = 0;
  for (const { message = '' } of waiting) {
    const size = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    if (count === SENT_LINES_MAX || bytes + size > SENT_BYTES_MAX) break;
    bytes += size;
    count += 1;
  }
  return { events: waiting.slice(0, count), bytes };
}

interface Rejected {
  readonly tooNewLogEventStartIndex?: number | undefined;
  readonly tooOldLogEventEndIndex?: number | undefined;
  readonly expiredLogEventEndIndex?: number | undefined;
}

/** Those before one index were too old, those from another on too new. */
function refusedOf(rejected: Rejected | undefined, sent: number): number {
  if (rejected === undefined) return 0;
  const tooOld = Math.max(rejected.tooOldLogEventEndIndex ?? 0, rejected.expiredLogEventEndIndex ?? 0);
  return tooOld + sent - (rejected.tooNewLogEventStartIndex ?? sent);
}
