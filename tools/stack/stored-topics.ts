import { closeSync, createReadStream, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { personErased } from '@florin/contracts';
import { type KafkaConnection, readStoredEvents, type StoredEvent, writeStoredEvents } from '@florin/kafka';

/** Shorter than readers remember what they have seen (a week), so that nothing they are told again has its effect twice. */
const KEPT_MS = 6 * 24 * 3_600_000;
/** Sent in one request: what the relays send, and fewer than any broker minds. */
const SENT_EVENTS_MAX = 500;
const SENT_BYTES_MAX = 800_000;

/** What became of the events there were. */
export interface WrittenDown {
  readonly kept: number;
  /** Of each topic, how many say what is not so any more. */
  readonly undone: ReadonlyMap<string, number>;
  /** Customers whose erasure was undone. */
  readonly erased: readonly string[];
}

/**
 * Writes the events of all topics into two files of a folder: `kept.jsonl` has those that were published until a moment, so that
 * their transactions had committed by then; `undone.jsonl` those after it. No relay may run.
 */
export async function writeDownEvents(
  connection: KafkaConnection,
  { folder, toMs, nowMs }: { readonly folder: string; readonly toMs: number; readonly nowMs: number },
): Promise<WrittenDown> {
  const [kept, undone] = ['kept', 'undone'].map((name) => createLines(join(folder, `${name}.jsonl`)));
  const counts = new Map<string, number>();
  const erased: string[] = [];
  let keptCount = 0;
  await readStoredEvents(connection, nowMs - KEPT_MS, (event) => {
    if (event.publishedAtMs <= toMs) {
      kept?.add(event);
      keptCount += 1;
      return;
    }
    undone?.add(event);
    counts.set(event.topic, (counts.get(event.topic) ?? 0) + 1);
    if (event.topic === personErased.topic) erased.push(event.key);
  });
  for (const lines of [kept, undone]) lines?.close();
  return { kept: keptCount, undone: counts, erased };
}

/** A file of one event a line, for its owner only; there as a whole or not at all. */
function createLines(file: string) {
  const draft = `${file}.new`;
  const open = openSync(draft, 'w', 0o600);
  return {
    add: (event: StoredEvent) => void writeSync(open, `${JSON.stringify(event)}\n`),
    close() {
      closeSync(open);
      renameSync(draft, file);
    },
  };
}

/** Publishes what `writeDownEvents` kept, in its order, into topics that are new. */
export async function publishKept(connection: KafkaConnection, folder: string): Promise<void> {
  let [waiting, bytes]: [StoredEvent[], number] = [[], 0];
  for await (const line of createInterface({ input: createReadStream(join(folder, 'kept.jsonl')) })) {
    if (waiting.length >= SENT_EVENTS_MAX || (waiting.length > 0 && bytes + line.length > SENT_BYTES_MAX)) {
      await writeStoredEvents(connection, waiting);
      [waiting, bytes] = [[], 0];
    }
    waiting.push(JSON.parse(line));
    bytes += line.length;
  }
  if (waiting.length > 0) await writeStoredEvents(connection, waiting);
}
