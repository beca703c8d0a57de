import { eventContracts } from '@florin/contracts';
import { Admin } from '@platformatic/kafka';
import { clientOptions, type KafkaConnection } from './connection.ts';

/** How many members of a group can share the work of a topic; more partitions than this a later `npm run topics` adds. */
const PARTITIONS = 6;
/** Longer than a reader may be away before somebody looks: a week. */
const RETENTION_MS = 7 * 24 * 3_600_000;
/** A relay sends at most 800 kB at a time; one event may be larger. */
const MESSAGE_BYTES_MAX = 2 * 1024 * 1024;

/** Every topic of the bank. */
export const TOPICS: readonly string[] = eventContracts.map(({ topic }) => topic);

/** Makes the topics that are missing; answers their names. `replicas` is the number of brokers that keep each, at most 3. */
export async function createTopics(
  connection: KafkaConnection,
  replicas: number,
  topics: readonly string[] = TOPICS,
): Promise<readonly string[]> {
  const admin = new Admin(clientOptions(connection));
  try {
    const there = new Set(await admin.listTopics({ includeInternals: false }));
    const missing = topics.filter((topic) => !there.has(topic));
    if (missing.length === 0) return [];
    await admin.createTopics({
      topics: missing,
      partitions: PARTITIONS,
      replicas,
      configs: Object.entries({
        'retention.ms': RETENTION_MS,
        'max.message.bytes': MESSAGE_BYTES_MAX,
        // With three brokers one may be away; an event that only one has is not acknowledged.
        'min.insync.replicas': replicas > 2 ? 2 : 1,
      }).map(([name, value]) => ({ name, value: String(value) })),
    });
    return missing;
  } finally {
    await admin.close();
  }
}
