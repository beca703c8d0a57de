import type { TlsCredentials } from '@florin/http';
import { type Environment, Fault, readSettings, settingTable } from '@florin/primitives';

/** Which Kafka, and who we are there. */
export interface KafkaConnection {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  /** Names this process in the broker's logs. */
  readonly clientId: string;
  /** The certificate shown to the brokers, and whom they must have theirs from; plain text when absent. */
  readonly credentials?: TlsCredentials | undefined;
}

/** Where the broker between processes is; every process that runs alone reads it. */
export const KAFKA_SETTINGS = settingTable({
  FLORIN_KAFKA_BROKERS: {
    meaning:
      'some brokers of Apache Kafka, `host:port`, comma-separated. They are talked to over mutual TLS when there is a peer certificate',
    otherwise: 'events wait in the outbox of their service until there is one',
  },
});

const BROKER = /^[a-z0-9.-]+:\d{1,5}$/i;

/** Reads them; undefined when there are none. Faults with `setting-invalid`. */
export function readKafkaBrokers(environment: Environment): readonly string[] | undefined {
  const settings = readSettings(KAFKA_SETTINGS, environment);
  const text = settings.FLORIN_KAFKA_BROKERS;
  if (!text) return undefined;
  const brokers = text.split(',').map((broker) => broker.trim());
  if (brokers.every((broker) => BROKER.test(broker))) return brokers;
  throw new Fault(
    'setting-invalid',
    'the setting FLORIN_KAFKA_BROKERS must be addresses as host:port, comma-separated',
  );
}

/** An answer that takes longer than this is none: the relay, or the group, comes again. */
const TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** Tried again by the client within one call; whoever called comes again after that by itself. */
const RETRIES = 2;
const RETRY_DELAY_MS = 200;

/** What every client of the library is made with. */
export function clientOptions({ brokers, clientId, credentials }: KafkaConnection) {
  return {
    clientId,
    bootstrapBrokers: [...brokers],
    timeout: TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retries: RETRIES,
    retryDelay: RETRY_DELAY_MS,
    ...(credentials === undefined ? {} : { tls: { ...credentials.current() }, tlsServerName: true }),
  };
}
