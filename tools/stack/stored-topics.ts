import { closeSync, createReadStream, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { personErased } from '@florin/contracts';
import { type KafkaConnection, readStoredEvents, type StoredEvent, writeStoredEvents } from '@florin/kafka';

/** Shorter than readers remember what they have seen (a week), so that nothing they are told again has its effect twice. */
const KEPT_MS = 6 * 24 * 3_600_000;
/** Sent in one request: what the relays send, and fewer than any broker minds. */
const SENT_EVENTS_MAX = 500;
const SENT_BYTES_MAX = 800_000;
/** A minute in all. */
const TRIES_MAX = 60;
const AGAIN_MS = 1_000;

/** What became of the events there were. */
export interface WrittenDown {
  readonly kept: number;
  /** Of each topic, how many say what is not so any more. */
  readonly undone: ReadonlyMap<string, number>;
  /** Customers whose erasure was undone. */
  readonly erased: readonly string[];
}

interface Wanted {
  readonly folder: string;
  readonly toMs: number;
  readonly nowMs: number;
}

/**
 * Writes the events of all topics into two files of a folder: `kept.jsonl` has those that were published until a moment, so that
 * their transactions had committed by then; `undone.jsonl` those after it. No relay may run.
 */
export function writeDownEvents(connection: KafkaConnection, wanted: Wanted): Promise<WrittenDown> {
  return patiently(() => writeDown(connection, wanted));
}

async function writeDown(connection: KafkaConnection, { folder, toMs, nowMs }: Wanted): Promise<WrittenDown> {
  const [keptFile, undoneFile] = [join(folder, 'kept.jsonl'), join(folder, 'undone.jsonl')];
  const [kept, undone] = [openLines(keptFile), openLines(undoneFile)];
  const counts = new Map<string, number>();
  const erased: string[] = [];
  let keptCount = 0;
  try {
    await readStoredEvents(connection, nowMs - KEPT_MS, (event) => {
      const isKept = event.publishedAtMs <= toMs;
      writeSync(isKept ? kept : undone, `${JSON.stringify(event)}\n`);
      if (isKept) keptCount += 1;
      else counts.set(event.topic, (counts.get(event.topic) ?? 0) + 1);
      if (!isKept && event.topic === personErased.topic) erased.push(event.key);
    });
  } finally {
    for (const open of [kept, undone]) closeSync(open);
  }
  for (const file of [keptFile, undoneFile]) renameSync(draftOf(file), file);
  return { kept: keptCount, undone: counts, erased };
}

/** A file of one event a line, for its owner only; a draft until it is whole. */
function openLines(file: string): number {
  return openSync(draftOf(file), 'w', 0o600);
}

function draftOf(file: string): string {
  return `${file}.new`;
}

/** Publishes what `writeDownEvents` kept, in its order, into topics that are new. What a try that failed had sent is there twice. */
export async function publishKept(connection: KafkaConnection, folder: string): Promise<void> {
  let [waiting, bytes]: [StoredEvent[], number] = [[], 0];
  const send = (): Promise<void> => {
    const events = waiting;
    [waiting, bytes] = [[], 0];
    return patiently(() => writeStoredEvents(connection, events));
  };
  for await (const line of createInterface({ input: createReadStream(join(folder, 'kept.jsonl')) })) {
    const isFull = waiting.length >= SENT_EVENTS_MAX || bytes + line.length > SENT_BYTES_MAX;
    if (isFull && waiting.length > 0) await send();
    waiting.push(JSON.parse(line));
    bytes += line.length;
  }
  if (waiting.length > 0) await send();
}

/** A broker that has just started, or made its topics, refuses for a moment. */
async function patiently<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
