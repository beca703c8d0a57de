import { eventContracts } from '@florin/contracts';
import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import { clientOptions, type KafkaConnection } from './connection.ts';

/** How many members of a group can share the work of a topic. Raised here, the next `npm run topics` adds them. */
const PARTITIONS = 6;
/** Longer than a reader may be away before somebody looks: a week. */
const RETENTION_MS = 7 * 24 * 3_600_000;
/** A relay sends at most 800 kB at a time; one event may be larger. */
const MESSAGE_BYTES_MAX = 2 * 1024 * 1024;
/** As many brokers keep each topic, where there are as many: then one may be away. */
const REPLICAS_MAX = 3;

/** Every topic of the bank. */
export const TOPICS: readonly string[] = eventContracts.map(({ topic }) => topic);

/** What became of a topic; `remarks` say what was changed, or what is not as it should be and nobody can change while it is used. */
export interface TopicOutcome {
  readonly topic: string;
  readonly outcome: 'made' | 'changed' | 'right' | 'differs';
  readonly remarks: readonly string[];
}

/**
 * Makes the topics that are missing, and gives those that are there the partitions and settings they should have. A topic
 * keeps its brokers, and more partitions than it should have. `replicas` is the number of brokers that keep each new one;
 * three when absent, or as many as there are.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  { replicas, topics = TOPICS }: { readonly replicas?: number; readonly topics?: readonly string[] } = {},
): Promise<readonly TopicOutcome[]> {
  const admin = new Admin(clientOptions(connection));
  try {
    const { brokers } = await admin.metadata({ forceUpdate: true });
    const wanted = replicas ?? Math.min(REPLICAS_MAX, brokers.size);
    const there = new Set(await admin.listTopics({ includeInternals: false }));
    const missing = topics.filter((topic) => !there.has(topic));
    const known = topics.filter((topic) => there.has(topic));
    if (missing.length > 0) {
      const configs = [...settingsOf(wanted)].map(([name, value]) => ({ name, value }));
      await admin.createTopics({ topics: missing, partitions: PARTITIONS, replicas: wanted, configs });
    }
    const made = missing.map((topic): TopicOutcome => ({ topic, outcome: 'made', remarks: [] }));
    return known.length === 0 ? made : [...made, ...(await bringInOrder(admin, known, wanted))];
  } finally {
    await admin.close();
  }
}

/** The ids of the brokers that are up, as one of them knows them. Rejects when none answers. */
export async function listBrokers(connection: KafkaConnection): Promise<readonly number[]> {
  const admin = new Admin(clientOptions(connection));
  try {
    return [...(await admin.metadata({ forceUpdate: true })).brokers.keys()];
  } finally {
    await admin.close();
  }
}

function settingsOf(replicas: number): ReadonlyMap<string, string> {
  return new Map([
    ['retention.ms', String(RETENTION_MS)],
    ['max.message.bytes', String(MESSAGE_BYTES_MAX)],
    // With three brokers one may be away; an event that only one has is not acknowledged.
    ['min.insync.replicas', replicas > 2 ? '2' : '1'],
  ]);
}

async function bringInOrder(admin: Admin, topics: readonly string[], wanted: number): Promise<readonly TopicOutcome[]> {
  const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true });
  const set = await readSettings(admin, topics);
  const outcomes: TopicOutcome[] = [];
  for (const topic of topics) {
    const partitions = metadata.topics.get(topic)?.partitions ?? [];
    // One that fewer brokers keep is not made to wait for more than it has.
    const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
    const changed = [
      ...(await addPartitions(admin, topic, partitions.length)),
      ...(await changeSettings(admin, topic, set.get(topic) ?? new Map(), settingsOf(replicas))),
    ];
    const differs = replicas < wanted ? [`${replicas} of ${wanted} brokers keep it: kafka-reassign-partitions`] : [];
    const outcome = changed.length > 0 ? 'changed' : differs.length > 0 ? 'differs' : 'right';
    outcomes.push({ topic, outcome, remarks: [...changed, ...differs] });
  }
  return outcomes;
}

async function addPartitions(admin: Admin, topic: string, there: number): Promise<readonly string[]> {
  if (there >= PARTITIONS) return [];
  await admin.createPartitions({ topics: [{ name: topic, count: PARTITIONS }] });
  return [`partitions: ${there} -> ${PARTITIONS}`];
}

async function readSettings(
  admin: Admin,
  topics: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const configurationKeys = [...settingsOf(1).keys()];
  const described = await admin.describeConfigs({
    resources: topics.map((resourceName) => ({
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName,
      configurationKeys,
    })),
  });
  return new Map(
    described.map(({ resourceName, configs }) => [
      resourceName,
      new Map(configs.map(({ name, value }) => [name, value ?? ''])),
    ]),
  );
}

async function changeSettings(
  admin: Admin,
  topic: string,
  set: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const wrong = [...wanted].filter(([name, value]) => set.get(name) !== value);
  if (wrong.length === 0) return [];
  const configOperation = IncrementalAlterConfigOperationTypes.SET;
  await admin.incrementalAlterConfigs({
    resources: [
      {
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: topic,
        configs: wrong.map(([name, value]) => ({ name, value, configOperation })),
      },
    ],
  });
  return wrong.map(([name, value]) => `${name}: ${set.get(name)} -> ${value}`);
}
